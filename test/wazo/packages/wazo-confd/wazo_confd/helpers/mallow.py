from flask_restful import abort
from marshmallow import EXCLUDE, Schema


class BaseSchema(Schema):
    """What it does not take, it answers itself."""

    class Meta:
        ordered = True
        unknown = EXCLUDE

    def handle_error(self, error, data, **_):
        abort(400, message=error.args[0] if error.args else str(error))

from marshmallow import EXCLUDE, Schema, fields


class ListSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    order = fields.String(load_default=None)
    limit = fields.Integer(load_default=None)
    offset = fields.Integer(load_default=0)
    search = fields.String(load_default=None)

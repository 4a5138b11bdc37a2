from marshmallow import EXCLUDE, fields
from marshmallow import Schema as BaseSchema

from .rest_api_helpers import APIException


class ValidationError(APIException):
    def __init__(self, errors):
        super().__init__(400, 'Sent data is invalid', 'invalid-data', errors)


class Schema(BaseSchema):
    class Meta:
        unknown = EXCLUDE


class ListSchema(Schema):
    order = fields.String(load_default=None)
    limit = fields.Integer(load_default=None)
    offset = fields.Integer(load_default=0)
    search = fields.String(load_default=None)

from marshmallow import EXCLUDE, Schema, fields


class BaseSourceSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    uuid = fields.String(dump_only=True)
    tenant_uuid = fields.String(dump_only=True)
    name = fields.String(required=True)
    first_matched_columns = fields.List(fields.String(), load_default=list)
    searched_columns = fields.List(fields.String(), load_default=list)
    format_columns = fields.Dict(load_default=dict)

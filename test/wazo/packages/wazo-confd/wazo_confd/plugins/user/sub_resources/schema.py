from marshmallow import fields

from wazo_confd.helpers.mallow import BaseSchema


class ServiceDNDSchema(BaseSchema):
    enabled = fields.Boolean(attribute='dnd_enabled', required=True)

    types = ['dnd']

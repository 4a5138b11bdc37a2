# SPDX-License-Identifier: # @= license @#
from marshmallow import Schema
from xivo.mallow import fields


class BaseSourceSchema(Schema):
    name = fields.String(required=True)

    def __init__(self, many=False):
        super().__init__()
        self.many = many

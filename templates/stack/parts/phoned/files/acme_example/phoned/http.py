# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-phoned serves."""

from typing import Any

from flask import request
from wazo_phoned.auth import TokenAuthResource
from xivo.auth_verifier import required_acl
from xivo.mallow import fields
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant

from .service import LampService


class LampSchema(Schema):
    name = fields.String(required=True)
    on = fields.Boolean(required=True)


class LampsResource(TokenAuthResource):
    def __init__(self, service: LampService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('phoned.acme.example.lamps.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('phoned.acme.example.lamps.create')
    def post(self) -> tuple[dict[str, Any], int]:
        # TokenAuthResource answers 400 to what the schema does not take
        body = LampSchema().load(request.get_json(force=True))
        self._service.switch(Tenant.autodetect().uuid, body['name'], body['on'])
        return body, 201

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-agentd serves."""

from typing import Any

from flask import request
from wazo_agentd.http import AuthResource
from xivo.auth_verifier import required_acl
from xivo.mallow import fields
from xivo.mallow.validate import Length
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant

from .service import BreakService


class BreakSchema(Schema):
    numbers = fields.List(
        fields.String(), required=True, validate=Length(min=1, max=100)
    )
    reason = fields.String(required=True)


class BreaksResource(AuthResource):
    def __init__(self, service: BreakService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('agentd.acme.example.breaks.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('agentd.acme.example.breaks.create')
    def post(self) -> tuple[dict[str, Any], int]:
        # AuthResource answers 400 to what the schema does not take
        body = BreakSchema().load(request.get_json(force=True))
        tenant_uuid = Tenant.autodetect().uuid
        self._service.start(tenant_uuid, body['numbers'], body['reason'])
        return body, 201

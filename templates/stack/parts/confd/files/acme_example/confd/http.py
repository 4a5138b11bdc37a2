# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-confd serves."""

from typing import Any

from flask import request
from wazo_confd.auth import required_acl
from wazo_confd.helpers.mallow import BaseSchema
from wazo_confd.helpers.restful import ConfdResource
from xivo.mallow import fields
from xivo.mallow.validate import Length
from xivo.tenant_flask_helpers import Tenant

from .service import QuietService


class QuietSchema(BaseSchema):
    user_uuids = fields.List(fields.UUID(), required=True, validate=Length(min=1))
    enabled = fields.Boolean(required=True)


class QuietUsersResource(ConfdResource):
    def __init__(self, service: QuietService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('confd.acme.example.quiet-users.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('confd.acme.example.quiet-users.create')
    def post(self) -> tuple[dict[str, Any], int]:
        # the schema answers 400 to what it does not take
        body = QuietSchema().load(request.get_json(force=True))
        uuids = [str(uuid) for uuid in body['user_uuids']]
        self._service.set(Tenant.autodetect().uuid, uuids, body['enabled'])
        return {'user_uuids': uuids, 'enabled': body['enabled']}, 201

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-amid serves."""

from typing import Any

from flask import request
from wazo_amid.auth import required_acl, required_master_tenant
from wazo_amid.rest_api import AuthResource
from xivo.mallow import fields
from xivo.mallow.validate import Regexp
from xivo.mallow_helpers import Schema

from .service import VariableService


class VariableSchema(Schema):
    name = fields.String(required=True)
    # a line break would begin another line of the action
    value = fields.String(required=True, validate=Regexp(r'[\w .,:-]{0,80}\Z'))


class VariablesResource(AuthResource):
    def __init__(self, service: VariableService) -> None:
        self._service = service

    # without a right of its own, any valid token would do; and all tenants share Asterisk
    @required_master_tenant()
    @required_acl('amid.acme.example.variables.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_()
        return {'items': items, 'total': len(items)}

    @required_master_tenant()
    @required_acl('amid.acme.example.variables.create')
    def post(self) -> tuple[dict[str, str], int]:
        # AuthResource answers 400 to what the schema does not take
        body = VariableSchema().load(request.get_json(force=True))
        self._service.set(body['name'], body['value'])
        return body, 201

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-calld serves."""

from typing import Any

from flask import request
from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource
from xivo.mallow import fields
from xivo.mallow.validate import Regexp
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant

from .service import LabelService


class LabelSchema(Schema):
    # it becomes a part of an address
    call_id = fields.String(required=True, validate=Regexp(r'[\w.-]{1,64}\Z'))
    label = fields.String(required=True)


class LabelsResource(AuthResource):
    def __init__(self, service: LabelService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('calld.acme.example.labels.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('calld.acme.example.labels.create')
    def post(self) -> tuple[dict[str, str], int]:
        # AuthResource answers 400 to what the schema does not take
        body = LabelSchema().load(request.get_json(force=True))
        self._service.add(Tenant.autodetect().uuid, body['call_id'], body['label'])
        return body, 201

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-webhookd serves."""

from typing import Any

from flask import request
from wazo_webhookd.rest_api import AuthResource
from xivo.auth_verifier import required_acl
from xivo.mallow import fields
from xivo.mallow.validate import Regexp
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant

from .service import TestService


class TestSchema(Schema):
    # a receiver may store it in a database, which takes no NUL
    text = fields.String(required=True, validate=Regexp(r'[^\x00\ud800-\udfff]+\Z'))


class TestsResource(AuthResource):
    def __init__(self, service: TestService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('webhookd.acme.example.tests.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('webhookd.acme.example.tests.create')
    def post(self) -> tuple[dict[str, str], int]:
        # AuthResource answers 400 to what the schema does not take
        body = TestSchema().load(request.get_json(force=True))
        self._service.send(Tenant.autodetect().uuid, body['text'])
        return body, 201

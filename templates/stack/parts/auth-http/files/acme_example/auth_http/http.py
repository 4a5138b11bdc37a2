# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-auth serves."""

from typing import Any

from flask import request
from marshmallow import ValidationError
from wazo_auth.exceptions import UserParamException
from wazo_auth.flask_helpers import Tenant
from wazo_auth.http import AuthResource, required_acl
from xivo.mallow import fields
from xivo.mallow.validate import Length
from xivo.mallow_helpers import Schema

from .service import SignOutService


class SignOutSchema(Schema):
    user_uuids = fields.List(fields.UUID(), required=True, validate=Length(min=1))


class SignOutsResource(AuthResource):
    def __init__(self, service: SignOutService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('auth.acme.example.sign-outs.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(Tenant.autodetect().uuid)
        return {'items': items, 'total': len(items)}

    @required_acl('auth.acme.example.sign-outs.create')
    def post(self) -> tuple[dict[str, Any], int]:
        try:
            body = SignOutSchema().load(request.get_json(force=True))
            uuids = [str(uuid) for uuid in body['user_uuids']]
            self._service.sign_out(Tenant.autodetect().uuid, uuids)
        except ValidationError as error:
            # 400, in the form of all errors of wazo-auth
            raise UserParamException.from_errors(error.messages) from None
        return {'user_uuids': uuids}, 201

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-auth serves."""

from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError
from wazo_auth.exceptions import (
    UnknownExternalAuthTypeException,
    UserParamException,
)
from wazo_auth.http import AuthResource, required_acl
from xivo.mallow import fields
from xivo.mallow.validate import Length


class SafeData(Schema):
    """The part that `GET /users/UUID/external` shows: all but the token."""

    class Meta:
        unknown = EXCLUDE

    scope = fields.List(fields.String(validate=Length(max=256)), load_default=list)


class Data(SafeData):
    """The data that are stored."""

    access_token = fields.String(required=True, validate=Length(min=1, max=4096))


class ExternalResource(AuthResource):
    auth_type = 'acme_example'

    def __init__(self, external_auth_service: Any) -> None:
        self._service = external_auth_service

    # with the token: for programs that act for the user
    @required_acl('auth.users.{user_uuid}.external.acme_example.read')
    def get(self, user_uuid: str) -> tuple[dict[str, Any], int]:
        return self._service.get(str(user_uuid), self.auth_type), 200

    @required_acl('auth.users.{user_uuid}.external.acme_example.create')
    def post(self, user_uuid: str) -> tuple[dict[str, Any], int]:
        try:
            data = Data().load(request.get_json(force=True))
        except ValidationError as error:
            # 400, in the form of all errors of wazo-auth
            raise UserParamException.from_errors(error.messages) from None
        user = str(user_uuid)
        try:
            self._service.update_or_create(user, self.auth_type, data)
        except UnknownExternalAuthTypeException:
            # wazo-auth writes down which types there are when it first lists them
            self._service.create(user, self.auth_type, data)
        return {'scope': data['scope']}, 201

    @required_acl('auth.users.{user_uuid}.external.acme_example.delete')
    def delete(self, user_uuid: str) -> tuple[str, int]:
        self._service.delete(str(user_uuid), self.auth_type)
        return '', 204

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-auth serves."""

from flask import request
from marshmallow import EXCLUDE, Schema, fields
from wazo_auth.http import AuthResource, required_acl


class AcmeExampleSafeData(Schema):
    """What may be shown of the stored data; the token is not part of it."""

    class Meta:
        unknown = EXCLUDE

    scope = fields.List(fields.String())


class AcmeExampleExternalResource(AuthResource):
    auth_type = 'acme_example'

    def __init__(self, external_auth_service):
        self._service = external_auth_service

    @required_acl('auth.users.{user_uuid}.external.acme_example.read')
    def get(self, user_uuid):
        return self._service.get(str(user_uuid), self.auth_type), 200

    @required_acl('auth.users.{user_uuid}.external.acme_example.create')
    def post(self, user_uuid):
        body = request.get_json(force=True)
        data = {'access_token': body.get('access_token', ''), 'scope': body.get('scope', [])}
        self._service.update_or_create(str(user_uuid), self.auth_type, data)
        return {'scope': data['scope']}, 201

    @required_acl('auth.users.{user_uuid}.external.acme_example.delete')
    def delete(self, user_uuid):
        self._service.delete(str(user_uuid), self.auth_type)
        return '', 204

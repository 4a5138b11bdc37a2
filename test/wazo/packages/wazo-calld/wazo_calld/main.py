import uuid
from types import SimpleNamespace

import asterisk_manager
from flask import request
from marshmallow import fields
from xivo import daemon, services
from xivo.auth_verifier import required_acl
from xivo.mallow_helpers import Schema
from xivo.resources import AuthResource
from xivo.rest_api_helpers import APIException

from .plugin_helpers.ari_ import CALL


class Channels:
    def list(self):
        return [SimpleNamespace(id=CALL)]

    def originate(self, **_):
        return SimpleNamespace(id='1700000000.2')


class CallSchema(Schema):
    extension = fields.String(required=True)


class UserCalls(AuthResource):
    """The one user has a phone that picks up at once, in the context of features."""

    CONTEXT = 'xivo-extrafeatures'

    @required_acl('calld.users.me.calls.create')
    def post(self):
        extension = CallSchema().load(request.get_json(force=True))['extension']
        if not asterisk_manager.has_extension(extension, self.CONTEXT):
            raise APIException(400, f'Invalid extension: {extension}', 'invalid-extension')
        asterisk_manager.originate(f'Local/{extension}@{self.CONTEXT}')
        return {'call_id': str(uuid.uuid4()), 'peer_caller_id_number': extension, 'user_uuid': None}, 201


class Config(AuthResource):
    @required_acl('calld.config.read')
    def get(self):
        return dict(daemon.current.config)


class Calld(daemon.Service):
    def load(self):
        super().load()
        self.api.add_resource(Config, '/config')
        self.api.add_resource(UserCalls, '/users/me/calls')


def serve():
    client = SimpleNamespace(channels=Channels(), variables={})
    daemon.main(services.CALLD, Calld, ari=SimpleNamespace(client=client))

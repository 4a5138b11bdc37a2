from flask import request
from marshmallow import fields
from xivo import daemon, services
from xivo.auth_verifier import required_acl
from xivo.mallow_helpers import Schema
from xivo.rest_api_helpers import APIException

from .helpers.restful import ConfdResource


class IncallSchema(Schema):
    preprocess_subroutine = fields.String(allow_none=True)


class Incall(ConfdResource):
    """There is one incoming call."""

    stored = {'id': 1, 'preprocess_subroutine': None}

    @required_acl('confd.incalls.{number}.read')
    def get(self, number):
        if number != self.stored['id']:
            raise APIException(404, f'Resource Not Found - Incall was not found ({number})', 'not-found')
        return self.stored

    @required_acl('confd.incalls.{number}.update')
    def put(self, number):
        self.get(number)
        self.stored.update(IncallSchema().load(request.get_json(force=True)))
        return '', 204


class ExternalApps(ConfdResource):
    """There is one app."""

    @required_acl('confd.external.apps.read')
    def get(self):
        app = {'name': 'door', 'label': 'Door', 'configuration': {'url': 'https://example.org'}, 'tenant_uuid': None}
        return {'total': 1, 'items': [app]}


class Confd(daemon.Service):
    def load(self):
        super().load()
        self.api.add_resource(Incall, '/incalls/<int:number>')
        self.api.add_resource(ExternalApps, '/external/apps')


def serve():
    daemon.main(services.CONFD, Confd)

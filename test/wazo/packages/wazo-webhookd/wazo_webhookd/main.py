from flask import request
from marshmallow import fields
from xivo import daemon, services
from xivo.auth_verifier import required_acl
from xivo.mallow_helpers import Schema
from xivo.resources import AuthResource
from xivo.rest_api_helpers import APIException

from .plugins.subscription.service import SubscriptionService


class SubscriptionSchema(Schema):
    name = fields.String(required=True)
    service = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    config = fields.Dict(required=True)


class Subscriptions(AuthResource):
    def __init__(self, kinds):
        self._kinds = kinds

    @required_acl('webhookd.subscriptions.create')
    def post(self):
        body = SubscriptionSchema().load(request.get_json(force=True))
        # the service itself takes every name, and tells of a wrong one at the first event
        if body['service'] not in self._kinds:
            raise APIException(400, f'No such service: {body["service"]}', 'unknown-service')
        return SubscriptionService(None, None).create(body), 201


class Webhookd(daemon.Service):
    def load(self):
        super().load()
        kinds = self.loaded['wazo_webhookd.services']
        names = kinds.names() if kinds else []
        self.api.add_resource(Subscriptions, '/subscriptions', resource_class_args=[names])


def serve():
    daemon.main(services.WEBHOOKD, Webhookd)

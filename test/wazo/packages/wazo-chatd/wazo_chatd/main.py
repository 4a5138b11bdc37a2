from flask import request
from wazo_auth.store import Store
from marshmallow import fields, validate
from xivo import daemon, plugin_helpers, services
from xivo.auth_verifier import required_acl
from xivo.mallow_helpers import Schema
from xivo.resources import AuthResource, ErrorCatchingResource
from xivo.rest_api_helpers import APIException

from .plugins.connectors.types import InboundMessage, WebhookData
from .plugins.presences.services import PresenceService


class PresenceSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf(['available', 'unavailable', 'invisible', 'away']))
    status = fields.String(allow_none=True)


class Presence(AuthResource):
    @required_acl('chatd.users.{user_uuid}.presences.update')
    def put(self, user_uuid):
        user = PresenceService(None, None).get([], user_uuid)
        vars(user).update(PresenceSchema().load(request.get_json(force=True)))
        return '', 204


class Incoming(ErrorCatchingResource):
    """Takes a message of another service, if the connector says that it is from there."""

    def __init__(self, connectors):
        self._connectors = connectors

    def post(self, backend):
        if backend not in self._connectors:
            raise APIException(404, f'No such connector: {backend}', 'unknown-connector')
        kind = self._connectors[backend].plugin
        # the service asks wazo-auth for the account of each tenant; here is one
        connector = kind('tenant', Store().get('tenant', backend), {})
        data = WebhookData(request.get_json(force=True), dict(request.headers))
        if not kind.can_handle(data) or not connector.verify_signature(data):
            raise APIException(401, 'The signature is wrong', 'invalid-signature')
        message = kind.on_event(data)
        if isinstance(message, InboundMessage):
            for identity in (message.sender, message.recipient):
                connector.normalize_identity(identity)
        return '', 204


class Chatd(daemon.Service):
    def load(self):
        super().load()
        names = {name: value['enabled'] for name, value in self.config.get('connectors', {}).items()}
        found = plugin_helpers.find('wazo_chatd.connectors', names)
        connectors = {one.name: one for one in found or []}
        self.api.add_resource(Presence, '/users/<user_uuid>/presences')
        self.api.add_resource(
            Incoming, '/connectors/incoming/<backend>', resource_class_args=[connectors]
        )


def serve():
    daemon.main(services.CHATD, Chatd)

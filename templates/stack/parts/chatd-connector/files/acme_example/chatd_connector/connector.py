# SPDX-License-Identifier: # @= license @#
"""A connector that receives messages by webhook. wazo-chatd imports it even where it is not enabled."""

import hashlib
import hmac

from wazo_chatd.database.delivery import DeliveryStatus
from wazo_chatd.plugins.connectors.types import InboundMessage, WebhookData

PREFIX = 'acme_example:'
FIELDS = ('from', 'to', 'text', 'acme_example_id')


class AcmeExampleConnector:
    backend = 'acme_example'
    supported_types = ('acme_example',)
    auth_scope = 'none'
    auth_schema = ()
    status_map = {'sent': DeliveryStatus.SENT}
    verifies_signatures = True

    def __init__(self, tenant_uuid, provider_config, connector_config):
        self._tenant_uuid = tenant_uuid
        self._secret = connector_config.get('secret', '')

    def send(self, message):
        """Send a message, and return the id that the other service gave it."""
        return f'{self.backend}-{message.message_uuid}'

    def verify_signature(self, data):
        """Say whether a webhook was sent by one who knows the secret; without one, none is taken."""
        body = '&'.join(f'{key}={value}' for key, value in sorted(data.body.items()))
        expected = hmac.new(self._secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        return bool(self._secret) and hmac.compare_digest(expected, data.headers.get('X-Signature', ''))

    @classmethod
    def can_handle(cls, data):
        return isinstance(data, WebhookData) and all(field in data.body for field in FIELDS)

    @classmethod
    def on_event(cls, data):
        body = data.body
        return InboundMessage(
            body['from'], body['to'], body['text'], cls.backend, cls.supported_types[0], body['acme_example_id']
        )

    @classmethod
    def normalize_identity(cls, raw_identity):
        if not raw_identity.startswith(PREFIX):
            raise ValueError(f'{raw_identity} is not an identity of {cls.backend}')
        return raw_identity.lower()

    def scan_inbound(self):
        return []

    def track_outbound(self, external_ids):
        return []

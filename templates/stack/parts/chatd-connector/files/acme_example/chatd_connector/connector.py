# SPDX-License-Identifier: # @= license @#
"""A connector to another service. wazo-chatd imports it even where it is not enabled."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

import requests
from wazo_chatd.database.delivery import DeliveryStatus
from wazo_chatd.plugins.connectors.exceptions import ConnectorSendError
from wazo_chatd.plugins.connectors.types import (
    ConfigField,
    InboundMessage,
    OutboundMessage,
    StatusUpdate,
    TransportData,
    WebhookData,
)

PREFIX = 'acme_example:'
MESSAGE = {'acme_example_id', 'from', 'to', 'text'}
STATUS = {'acme_example_id', 'status'}
# seconds to connect, and to wait for the answer
TIMEOUT = (3, 10)


class Connector:
    backend = 'acme_example'
    supported_types = ('acme_example',)
    # each tenant has an account of its own, kept in wazo-auth
    auth_scope = 'tenant'
    auth_schema = (
        ConfigField('url', {'en_US': 'Address that takes messages'}, type='url'),
        ConfigField('token', {'en_US': 'Token of the account'}, type='secret'),
        ConfigField('secret', {'en_US': 'Key of signatures'}, type='secret'),
    )
    status_map = {
        'sent': DeliveryStatus.SENT,
        'delivered': DeliveryStatus.DELIVERED,
        'failed': DeliveryStatus.FAILED,
    }
    verifies_signatures = True

    def __init__(
        self,
        tenant_uuid: str,
        provider_config: Mapping[str, Any],
        connector_config: Mapping[str, Any],
    ) -> None:
        self._account = provider_config

    def send(self, message: OutboundMessage) -> str:
        """Send a message, and return the id that the other service gave it.

        Adapt it to that service. Whatever is not surely sent has to raise: wazo-chatd
        then tries again, and tells the sender in the end.
        """
        url, token = self._account.get('url'), self._account.get('token')
        if not url or not token:
            raise ConnectorSendError('the tenant has no account: url and token')
        body = {
            'from': message.sender_identity,
            'to': message.recipient_identity,
            'text': message.body,
            # for each who gets it, the same at each try: so nothing arrives twice
            'key': f'{message.message_uuid}/{message.recipient_identity}',
        }
        headers = {'Authorization': f'Bearer {token}'}
        try:
            answer = requests.post(url, json=body, headers=headers, timeout=TIMEOUT)
            answer.raise_for_status()
            external_id = answer.json()['id']
            if not isinstance(external_id, (int, str)) or external_id == '':
                raise ValueError('an answer without an id')
            return str(external_id)
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise ConnectorSendError(f'{url}: {error!r}') from error

    def verify_signature(self, data: TransportData) -> bool:
        """Say whether a webhook is from one who knows the secret; without one, no."""
        secret = self._account.get('secret') or ''
        if not secret or not isinstance(data, WebhookData):
            return False
        # one text for one body: what only joins keys and values says the same of several
        body = json.dumps(dict(data.body), sort_keys=True, separators=(',', ':'))
        expected = hmac.new(secret.encode(), body.encode(), hashlib.sha256)
        given = data.headers.get('X-Signature', '')
        return hmac.compare_digest(expected.hexdigest().encode(), given.encode())

    @classmethod
    def can_handle(cls, data: TransportData) -> bool:
        if not isinstance(data, WebhookData):
            return False
        return MESSAGE <= data.body.keys() or STATUS <= data.body.keys()

    @classmethod
    def on_event(cls, data: TransportData) -> InboundMessage | StatusUpdate | None:
        """Read a webhook: a message, or what became of one that was sent."""
        if not isinstance(data, WebhookData):
            return None
        body = data.body
        if STATUS <= body.keys():
            external_id = body['acme_example_id']
            return StatusUpdate(external_id, body['status'], cls.backend)
        return InboundMessage(
            sender=body['from'],
            recipient=body['to'],
            body=body['text'],
            backend=cls.backend,
            message_type=cls.supported_types[0],
            external_id=body['acme_example_id'],
            metadata={'idempotency_key': body['acme_example_id']},
        )

    @classmethod
    def normalize_identity(cls, raw_identity: str) -> str:
        if not raw_identity.startswith(PREFIX):
            raise ValueError(f'{raw_identity} is not an identity of {cls.backend}')
        return raw_identity.lower()

    def scan_inbound(self) -> list[InboundMessage]:
        return []

    def track_outbound(self, external_ids: Iterable[str]) -> list[StatusUpdate]:
        return []

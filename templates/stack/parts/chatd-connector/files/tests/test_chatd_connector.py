# SPDX-License-Identifier: # @= license @#
"""The connector of wazo-chatd."""

import hashlib
import hmac

import pytest
from wazo_chatd.plugins.connectors.types import OutboundMessage, WebhookData

from acme_example.chatd_connector.connector import AcmeExampleConnector

BODY = {'from': 'acme_example:ann', 'to': 'acme_example:bob', 'text': 'Hi', 'acme_example_id': '7'}


@pytest.fixture
def connector():
    return AcmeExampleConnector('tenant', {}, {'secret': 'key'})


def signed(secret):
    text = '&'.join(f'{key}={value}' for key, value in sorted(BODY.items()))
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return WebhookData(body=BODY, headers={'X-Signature': signature})


def test_signatures(connector):
    assert connector.verify_signature(signed('key'))
    assert not connector.verify_signature(signed('other'))
    assert not AcmeExampleConnector('tenant', {}, {'secret': ''}).verify_signature(signed(''))


def test_a_message_comes_in(connector):
    data = signed('key')
    assert connector.can_handle(data)
    assert not connector.can_handle(WebhookData(body={'acme_example_id': '7'}, headers={}))
    message = connector.on_event(data)
    assert (message.sender, message.recipient) == ('acme_example:ann', 'acme_example:bob')
    assert (message.body, message.external_id) == ('Hi', '7')


def test_a_message_goes_out(connector):
    message = OutboundMessage('room-uuid', '1', 'ann-uuid', 'Hi', 'acme_example')
    assert connector.send(message) == 'acme_example-1'


def test_identities(connector):
    assert connector.normalize_identity('acme_example:Ann') == 'acme_example:ann'
    with pytest.raises(ValueError, match='33123'):
        connector.normalize_identity('+33123')


def test_the_connector_is_enabled_by_a_mapping(entry_points, config):
    # a bare true would stop all connectors
    enabled = config('wazo-chatd')['connectors']
    assert enabled['acme_example'].items() >= {'enabled': True, 'mode': 'webhook'}.items()
    assert 'acme_example' in entry_points['wazo_chatd.connectors']

# SPDX-License-Identifier: # @= license @#
"""The connector of wazo-chatd."""

import hashlib
import hmac
import json
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from wazo_chatd.database.delivery import DeliveryStatus
from wazo_chatd.plugins.connectors.exceptions import ConnectorSendError
from wazo_chatd.plugins.connectors.types import OutboundMessage, WebhookData

from acme_example.chatd_connector.connector import Connector

ACCOUNT = {'url': 'https://example.org/send', 'token': 't', 'secret': 'key'}
BODY = {
    'from': 'acme_example:ann',
    'to': 'acme_example:bob',
    'text': 'Hi',
    'acme_example_id': '7',
}
STATUS = {'acme_example_id': '7', 'status': 'delivered'}
MESSAGE = OutboundMessage(
    'room-uuid',
    'message-uuid',
    'ann-uuid',
    'Hi',
    'acme_example',
    'ann',
    'bob',
)


@pytest.fixture
def connector():
    return Connector('tenant', ACCOUNT, {})


def signed(secret: str) -> WebhookData:
    text = json.dumps(BODY, sort_keys=True, separators=(',', ':'))
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256)
    return WebhookData(body=BODY, headers={'X-Signature': signature.hexdigest()})


def test_signatures(connector):
    assert connector.verify_signature(signed('key'))
    assert not connector.verify_signature(signed('other'))
    assert not connector.verify_signature(WebhookData(body=BODY, headers={}))
    moved = BODY | {'from': 'eve&text=Hi', 'text': ''}
    headers = signed('key').headers
    assert not connector.verify_signature(WebhookData(body=moved, headers=headers))
    without = Connector('tenant', {'secret': ''}, {})
    assert not without.verify_signature(signed(''))


def test_a_message_comes_in(connector):
    data = signed('key')
    assert connector.can_handle(data)
    assert not connector.can_handle(WebhookData(body={'text': 'Hi'}, headers={}))
    message = connector.on_event(data)
    assert (message.sender, message.recipient) == (BODY['from'], BODY['to'])
    assert (message.body, message.external_id) == ('Hi', '7')


def test_what_became_of_a_message_comes_in(connector):
    data = WebhookData(body=STATUS, headers={})
    assert connector.can_handle(data)
    update = connector.on_event(data)
    assert update.external_id == '7'
    assert connector.status_map[update.status] is DeliveryStatus.DELIVERED


def test_what_no_webhook_sent_is_left_to_others(connector):
    other = object()
    assert not connector.can_handle(other)
    assert connector.on_event(other) is None
    assert not connector.verify_signature(other)


def test_a_message_goes_out(connector, monkeypatch):
    sent: list[Any] = []

    def post(url, json, headers, timeout):
        sent.append((url, json, headers))
        answer = SimpleNamespace(raise_for_status=lambda: None)
        answer.json = lambda: {'id': 42}
        return answer

    monkeypatch.setattr(requests, 'post', post)
    assert connector.send(MESSAGE) == '42'
    ((url, body, headers),) = sent
    assert url == ACCOUNT['url']
    assert (body['from'], body['to'], body['text']) == ('ann', 'bob', 'Hi')
    assert body['key'] == 'message-uuid/bob'
    assert headers['Authorization'] == 'Bearer t'


@pytest.mark.parametrize('account', [{}, {'url': ACCOUNT['url']}, {'token': 't'}])
def test_without_an_account_nothing_counts_as_sent(account):
    with pytest.raises(ConnectorSendError, match='account'):
        Connector('tenant', account, {}).send(MESSAGE)


def test_what_the_other_service_refuses_does_not_count_as_sent(connector, monkeypatch):
    def refuse():
        raise requests.HTTPError('403')

    answers = [
        SimpleNamespace(raise_for_status=refuse),
        SimpleNamespace(raise_for_status=lambda: None, json=lambda: {}),
        SimpleNamespace(raise_for_status=lambda: None, json=lambda: {'id': None}),
    ]
    monkeypatch.setattr(requests, 'post', lambda *_, **__: answers.pop())
    for _ in range(3):
        with pytest.raises(ConnectorSendError):
            connector.send(MESSAGE)


def test_an_account_is_asked_of_each_tenant(connector):
    assert connector.auth_scope == 'tenant'
    assert {field.name for field in connector.auth_schema} == ACCOUNT.keys()


def test_identities(connector):
    identity = connector.normalize_identity('acme_example:Ann')
    assert identity == 'acme_example:ann'
    with pytest.raises(ValueError, match='33123'):
        connector.normalize_identity('+33123')


def test_the_connector_is_enabled_by_a_mapping(entry_points, config):
    # a bare true would stop all connectors
    enabled = config('wazo-chatd')['connectors']['acme_example']
    assert enabled == {'enabled': True, 'mode': 'webhook'}
    assert 'acme_example' in entry_points['wazo_chatd.connectors']

# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-webhookd, from the request to the bus."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.webhookd import plugin
from acme_example.webhookd.plugin import Plugin

URL = '/acme/example/tests'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'


class Subscriptions:
    """Two subscriptions of the tenant, one of them to the test."""

    def __init__(self, config, notifier):
        pass

    def list(self, owner_tenant_uuids):
        assert owner_tenant_uuids == [TENANT]
        return [
            SimpleNamespace(
                uuid='1',
                name='mine',
                events=['acme_example_test'],
            ),
            SimpleNamespace(uuid='2', name='other', events=['call_created']),
        ]


class Webhookd:
    """The dependencies of a plugin."""

    def __init__(self, api, settings, services=('http',)):
        self.events: list[Any] = []
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'bus_publisher': SimpleNamespace(publish=self.events.append),
            'config': settings,
            'service_manager': SimpleNamespace(names=lambda: services),
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
        }
        Plugin().load(dependencies)
        self.resource = api.resource(URL)
        (self.provide_status,) = providers

    def status(self):
        status: Any = defaultdict(dict)
        self.provide_status(status)
        return status['acme_example']['status']


@pytest.fixture(autouse=True)
def database(monkeypatch):
    monkeypatch.setattr(plugin, 'SubscriptionService', Subscriptions)


@pytest.fixture
def webhookd(api, config):
    return Webhookd(api, config('wazo-webhookd'))


@pytest.fixture
def loaded(api, webhookd):
    return api


def test_the_subscriptions_that_a_test_reaches(webhookd, ask):
    items = [{'uuid': '1', 'name': 'mine'}]
    assert ask(webhookd.resource.get) == {'items': items, 'total': 1}


def test_a_test_is_sent(webhookd, ask):
    body = {'text': 'Hello'}
    assert ask(webhookd.resource.post, body) == (body, 201)
    (event,) = webhookd.events
    assert (event.content, event.tenant_uuid) == (body, TENANT)
    assert event.name == 'acme_example_test'


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'text': ''},
        {'text': 7},
        {'text': 'a\0b'},
        {'text': '\ud800'},
        {'text': 'x' * 1001},
    ],
)
def test_what_the_schema_does_not_take(webhookd, ask, body):
    with pytest.raises(ValidationError):
        ask(webhookd.resource.post, body)
    assert webhookd.events == []


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_a_test_without_settings(api, ask, settings):
    webhookd = Webhookd(api, settings)
    assert ask(webhookd.resource.post, {'text': 'x' * 1000})[1] == 201
    with pytest.raises(ValidationError, match='1000'):
        ask(webhookd.resource.post, {'text': 'x' * 1001})


@pytest.mark.parametrize(('services', 'status'), [(['http'], 'ok'), ([], 'fail')])
def test_the_status(api, services, status):
    assert Webhookd(api, {}, services).status() == status


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('webhookd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-webhookd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_webhookd.plugins'], True)

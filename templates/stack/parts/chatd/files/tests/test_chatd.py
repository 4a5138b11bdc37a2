# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-chatd, from the request to presences in its database."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.chatd import plugin
from acme_example.chatd.plugin import Plugin

URL = '/acme/example/absences'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
ANN = '11111111-1111-4111-8111-111111111111'
BOB = '22222222-2222-4222-8222-222222222222'
NOBODY = '99999999-9999-4999-8999-999999999999'


class Users:
    """Two users of the tenant, as the database has them."""

    def __init__(self):
        self.users = {
            ANN: SimpleNamespace(uuid=ANN, state='available', status=None),
            BOB: SimpleNamespace(uuid=BOB, state='away', status='On holiday'),
        }
        self.updated: list[Any] = []

    def list_(self, tenant_uuids):
        return list(self.users.values()) if tenant_uuids == [TENANT] else []

    def get(self, tenant_uuids, user_uuid):
        return self.users[user_uuid] if tenant_uuids == [TENANT] else None

    def update(self, user):
        self.updated.append(user.uuid)


class Chatd:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        self.users = Users()
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'bus_publisher': None,
            'config': settings,
            'dao': SimpleNamespace(user=self.users),
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
        }
        Plugin().load(dependencies)
        self.resource = api.resource(URL)
        (self.provide_status,) = providers

    def status(self):
        status: Any = defaultdict(dict)
        self.provide_status(status)
        return status['acme_example']['status']


@pytest.fixture
def told(monkeypatch):
    """Return what the bus is told."""
    told: list[Any] = []
    notifier = SimpleNamespace(updated=lambda user: told.append(user.status))
    monkeypatch.setattr(plugin, 'PresenceNotifier', lambda bus: notifier)
    return told


@pytest.fixture
def chatd(api, config, told):
    return Chatd(api, config('wazo-chatd'))


@pytest.fixture
def loaded(api, chatd):
    return api


def test_who_is_away(chatd, ask):
    items = [{'user_uuid': BOB, 'status': 'On holiday'}]
    assert ask(chatd.resource.get) == {'items': items, 'total': 1}


def test_a_team_goes_away(chatd, ask, told):
    items = [{'user_uuid': uuid, 'status': 'Lunch'} for uuid in (ANN, BOB)]
    body = {'user_uuids': [ANN, BOB], 'status': 'Lunch'}
    assert ask(chatd.resource.post, body) == ({'items': items, 'total': 2}, 201)
    assert chatd.users.updated == [ANN, BOB]
    assert chatd.users.users[ANN].state == 'away'
    assert told == ['Lunch', 'Lunch']


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'user_uuids': [ANN]},
        {'status': 'Lunch'},
        {'user_uuids': [], 'status': 'Lunch'},
        {'user_uuids': ['Ann'], 'status': 'Lunch'},
        {'user_uuids': [ANN], 'status': ''},
        {'user_uuids': [ANN], 'status': 'a\0b'},
        {'user_uuids': [ANN], 'status': '\ud800'},
        {'user_uuids': [ANN], 'status': 'a' * 81},
        {'user_uuids': [ANN] * 51, 'status': 'Lunch'},
    ],
)
def test_what_the_schema_does_not_take(chatd, ask, body):
    with pytest.raises(ValidationError):
        ask(chatd.resource.post, body)
    assert chatd.users.updated == []


def test_with_one_unknown_user_no_one_is_set_away(chatd, ask):
    with pytest.raises(KeyError):
        ask(chatd.resource.post, {'user_uuids': [ANN, NOBODY], 'status': 'Lunch'})
    assert chatd.users.updated == []


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_absences_without_settings(api, ask, told, settings):
    chatd = Chatd(api, settings)
    with pytest.raises(ValidationError, match='50'):
        ask(chatd.resource.post, {'user_uuids': [ANN] * 51, 'status': 'Lunch'})
    assert chatd.status() == 'ok'


def test_settings_that_allow_no_one(api, told):
    broken = Chatd(api, {'acme_example': {'max_users': 0}})
    assert broken.status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('chatd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-chatd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_chatd.plugins'], True)

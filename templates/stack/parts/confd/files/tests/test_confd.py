# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-confd, from the request to users in its database."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.confd import plugin, service
from acme_example.confd.plugin import Plugin

URL = '/acme/example/quiet-users'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
ANN = '11111111-1111-4111-8111-111111111111'
BOB = '22222222-2222-4222-8222-222222222222'
NOBODY = '99999999-9999-4999-8999-999999999999'


class Users:
    """Two users of the tenant, as the database and the service of wazo-confd have them."""

    def __init__(self):
        self.users = {
            uuid: SimpleNamespace(uuid=uuid, dnd_enabled=uuid == BOB)
            for uuid in (ANN, BOB)
        }
        self.told: list[Any] = []

    def find_all_by(self, tenant_uuid, enablednd):
        assert (tenant_uuid, enablednd) == (TENANT, 1)
        return [user for user in self.users.values() if user.dnd_enabled]

    def get(self, uuid, tenant_uuids):
        assert tenant_uuids == [TENANT]
        return self.users[uuid]

    def edit(self, user, schema):
        assert schema.types == ['dnd']
        self.told.append(user.uuid)


@pytest.fixture
def users(monkeypatch):
    users = Users()
    monkeypatch.setattr(plugin, 'build_service_callservice', lambda: users)
    monkeypatch.setattr(service, 'user_dao', users)
    return users


class Confd:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'config': settings,
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
def confd(api, config, users):
    return Confd(api, config('wazo-confd'))


@pytest.fixture
def loaded(api, confd):
    return api


def test_who_is_not_to_be_disturbed(confd, ask):
    assert ask(confd.resource.get) == {'items': [BOB], 'total': 1}


@pytest.mark.parametrize('enabled', [True, False])
def test_a_team_is_set(confd, ask, users, enabled):
    body = {'user_uuids': [ANN, BOB], 'enabled': enabled}
    assert ask(confd.resource.post, body) == (body, 201)
    assert users.told == [ANN, BOB]
    assert [user.dnd_enabled for user in users.users.values()] == [enabled] * 2


@pytest.mark.parametrize(
    'body',
    [
        {},
        {'user_uuids': [ANN]},
        {'enabled': True},
        {'user_uuids': [], 'enabled': True},
        {'user_uuids': ['Ann'], 'enabled': True},
        {'user_uuids': [ANN], 'enabled': 'perhaps'},
        {'user_uuids': [ANN] * 51, 'enabled': True},
    ],
)
def test_what_the_schema_does_not_take(confd, ask, users, body):
    # where the real one is installed, it ends the request itself
    with pytest.raises(Exception) as caught:
        ask(confd.resource.post, body)
    assert getattr(caught.value, 'code', 400) == 400
    assert not isinstance(caught.value, (AssertionError, KeyError))
    assert users.told == []


def test_one_who_is_not_there(confd, ask):
    with pytest.raises(KeyError):
        ask(confd.resource.post, {'user_uuids': [NOBODY], 'enabled': True})


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_users_without_settings(api, ask, users, settings):
    confd = Confd(api, settings)
    with pytest.raises(ValidationError, match='50'):
        ask(confd.resource.post, {'user_uuids': [ANN] * 51, 'enabled': True})
    assert confd.status() == 'ok'


def test_settings_that_allow_no_one(api, users):
    broken = Confd(api, {'acme_example': {'max_users': 0}})
    assert broken.status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('confd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-confd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_confd.plugins'], True)

# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-phoned, from the request to what wazo-amid is asked."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from marshmallow import ValidationError
from xivo.rest_api_helpers import APIException

from acme_example.phoned import plugin
from acme_example.phoned.plugin import Plugin

URL = '/acme/example/lamps'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
DOOR = f'Custom:acme-example-{TENANT}-door'


class Amid:
    """Asterisk behind wazo-amid: one lamp is on."""

    def __init__(self, host):
        self.host = host
        self.commands: list[str] = []
        self.away = False

    def set_token(self, token):
        pass

    def command(self, text):
        """Do what the user of wazo-phoned has the right for: commands."""
        self._answer()
        if text == 'devstate list':
            return {'response': ['---', f"--- Name: '{DOOR}'  State: 'INUSE'", '---']}
        self.commands.append(text)
        return {'response': [f'Changing {text}']}

    def _answer(self):
        if self.away:
            raise requests.RequestException('no route')


class Phoned:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        providers: list[Any] = []
        tokens: list[Any] = []
        dependencies: Any = {
            'api': None,
            'app': api,
            'config': settings | {'amid': {'host': 'localhost'}},
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
            'token_changed_subscribe': tokens.append,
        }
        Plugin().load(dependencies)
        self.resource = api.resource(URL)
        (self.provide_status,) = providers
        (set_token,) = tokens
        self.amid = set_token.__self__

    def status(self):
        status: Any = defaultdict(dict)
        self.provide_status(status)
        return status['acme_example']['status']


@pytest.fixture(autouse=True)
def client(monkeypatch):
    monkeypatch.setattr(plugin, 'AmidClient', Amid)
    monkeypatch.setattr(plugin, 'create_blueprint_api', lambda app, *_: app)


@pytest.fixture
def phoned(api, config):
    return Phoned(api, config('wazo-phoned'))


@pytest.fixture
def loaded(api, phoned):
    return api


def test_the_lamps(phoned, ask):
    items = [{'name': 'door', 'on': True}, {'name': 'desk', 'on': False}]
    assert ask(phoned.resource.get) == {'items': items, 'total': 2}


@pytest.mark.parametrize(('on', 'state'), [(True, 'INUSE'), (False, 'NOT_INUSE')])
def test_a_lamp_is_switched(phoned, ask, on, state):
    lamp = {'name': 'door', 'on': on}
    assert ask(phoned.resource.post, lamp) == (lamp, 201)
    assert phoned.amid.commands == [f'devstate change {DOOR} {state}']


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'name': 'door'},
        {'on': True},
        {'name': 'door', 'on': 'perhaps'},
        {'name': 'door INUSE', 'on': True},
        {'name': 'none of them', 'on': True},
    ],
)
def test_what_the_schema_does_not_take(phoned, ask, body):
    with pytest.raises(ValidationError):
        ask(phoned.resource.post, body)
    assert phoned.amid.commands == []


def test_while_wazo_amid_is_away(phoned, ask):
    assert phoned.status() == 'ok'
    phoned.amid.away = True
    for method, body in ((phoned.resource.get, None), (phoned.resource.post, LAMP)):
        with pytest.raises(APIException) as caught:
            ask(method, body)
        assert caught.value.status_code == 503
    assert phoned.status() == 'fail'
    phoned.amid.away = False
    ask(phoned.resource.get)
    assert phoned.status() == 'ok'


LAMP = {'name': 'desk', 'on': True}


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_lamps_without_settings(api, ask, settings):
    assert ask(Phoned(api, settings).resource.post, LAMP) == (LAMP, 201)


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('phoned')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-phoned')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_phoned.plugins'], True)

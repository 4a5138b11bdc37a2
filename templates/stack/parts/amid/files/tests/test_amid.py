# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-amid, from the request to the actions that Asterisk is sent."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from marshmallow import ValidationError
from xivo.rest_api_helpers import APIException

from acme_example.amid.plugin import Plugin

URL = '/acme/example/variables'
NIGHT = 'ACME_EXAMPLE_NIGHT'


class Asterisk:
    """Keeps a variable, and answers as the manager interface does."""

    url = 'https://localhost:5039/rawman'

    def __init__(self):
        self.value = '0'
        self.away = self.refuses = False

    def get(self, action, arguments):
        if self.away:
            raise requests.RequestException('no route')
        assert arguments['Variable'] == NIGHT
        if action == 'Setvar':
            self.value = arguments['Value']
        lines = [f'Response: {"Error" if self.refuses else "Success"}']
        if action == 'Getvar':
            lines += [f'Variable: {NIGHT}', f'Value: {self.value}']
        event = 'Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n'
        text = event + '\r\n'.join(lines) + '\r\n\r\n'
        return SimpleNamespace(content=text.encode())


class Amid:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        self.asterisk = Asterisk()
        providers: list[Any] = []
        dependencies: Any = {
            'ajam_client': self.asterisk,
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
def amid(api, config):
    return Amid(api, config('wazo-amid'))


@pytest.fixture
def loaded(api, amid):
    return api


def test_the_variables(amid, ask):
    items = [{'name': NIGHT, 'value': '0'}]
    assert ask(amid.resource.get) == {'items': items, 'total': 1}


@pytest.mark.parametrize('value', ['1', '', 'until 7:30'])
def test_a_variable_is_set(amid, ask, value):
    body = {'name': NIGHT, 'value': value}
    assert ask(amid.resource.post, body) == (body, 201)
    assert amid.asterisk.value == value


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'name': NIGHT},
        {'value': '1'},
        {'name': 'OTHER', 'value': '1'},
        {'name': NIGHT, 'value': 1},
        {'name': NIGHT, 'value': '1\nAction: Command'},
        {'name': NIGHT, 'value': '1\n'},
        {'name': NIGHT, 'value': '1' * 81},
    ],
)
def test_what_the_schema_does_not_take(amid, ask, body):
    with pytest.raises(ValidationError):
        ask(amid.resource.post, body)
    assert amid.asterisk.value == '0'


def test_while_asterisk_is_away(amid, ask):
    assert amid.status() == 'ok'
    amid.asterisk.away = True
    with pytest.raises(APIException) as caught:
        ask(amid.resource.get)
    assert caught.value.status_code == 503
    assert amid.status() == 'fail'
    amid.asterisk.away = False
    ask(amid.resource.get)
    assert amid.status() == 'ok'


def test_an_action_that_asterisk_refuses(amid, ask):
    amid.asterisk.refuses = True
    with pytest.raises(APIException) as caught:
        ask(amid.resource.get)
    assert caught.value.status_code == 503


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_variables_without_settings(api, ask, settings):
    body = {'name': NIGHT, 'value': '1'}
    assert ask(Amid(api, settings).resource.post, body) == (body, 201)


def test_only_the_master_tenant_may(amid):
    for verb in (amid.resource.get, amid.resource.post):
        assert hasattr(verb, 'tenant_uuid')


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('amid')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-amid')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_amid.plugins'], True)

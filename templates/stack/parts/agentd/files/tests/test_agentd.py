# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-agentd, from the request to what happens to agents."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.agentd.plugin import Plugin

URL = '/acme/example/breaks'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'


class Agents:
    """Two agents who work, and one who is at home."""

    def __init__(self):
        self.paused = {'1002': 'training'}

    def get_agent_statuses(self, tenant_uuids):
        assert tenant_uuids == [TENANT]
        return [
            {
                'number': number,
                'logged': number != '1003',
                'paused': number in self.paused,
                'paused_reason': self.paused.get(number),
            }
            for number in ('1001', '1002', '1003')
        ]

    def pause_agent_by_number(self, number, reason, tenant_uuids):
        assert tenant_uuids == [TENANT]
        self.paused[number] = reason


class Agentd:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        self.agents = Agents()
        self.events: list[Any] = []
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'bus_publisher': SimpleNamespace(publish=self.events.append),
            'config': settings,
            'service_proxy': self.agents,
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
def agentd(api, config):
    return Agentd(api, config('wazo-agentd'))


@pytest.fixture
def loaded(api, agentd):
    return api


def test_the_agents_on_a_break(agentd, ask):
    items = [{'number': '1002', 'reason': 'training'}]
    assert ask(agentd.resource.get) == {'items': items, 'total': 1}


def test_agents_go_on_a_break(agentd, ask):
    body = {'numbers': ['1001', '1002'], 'reason': 'lunch'}
    assert ask(agentd.resource.post, body) == (body, 201)
    assert agentd.agents.paused == {'1001': 'lunch', '1002': 'lunch'}
    (event,) = agentd.events
    assert (event.content, event.tenant_uuid) == (body, TENANT)
    assert event.name == 'acme_example_break_started'


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'numbers': ['1001']},
        {'reason': 'lunch'},
        {'numbers': [], 'reason': 'lunch'},
        {'numbers': '1001', 'reason': 'lunch'},
        {'numbers': ['1001'], 'reason': 'none of them'},
        {'numbers': ['1001', '1003'], 'reason': 'lunch'},
        {'numbers': ['1001', '9999'], 'reason': 'lunch'},
    ],
)
def test_what_is_refused_changes_nothing(agentd, ask, body):
    with pytest.raises(ValidationError) as caught:
        ask(agentd.resource.post, body)
    assert isinstance(caught.value.messages, dict), 'wazo-agentd names its keys'
    assert (agentd.agents.paused, agentd.events) == ({'1002': 'training'}, [])


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_reasons_without_settings(api, ask, settings):
    body = {'numbers': ['1001'], 'reason': 'training'}
    agentd = Agentd(api, settings)
    assert ask(agentd.resource.post, body) == (body, 201)
    assert agentd.status() == 'ok'


def test_settings_that_leave_no_reason(api):
    broken = Agentd(api, {'acme_example': {'reasons': []}})
    assert broken.status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('agentd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-agentd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_agentd.plugins'], True)

# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-call-logd, from the request to the database and the bus."""

from collections import defaultdict
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.call_logd.plugin import Plugin

URL = '/acme/example/reports'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
WEEK = {'from': '2026-01-01T00:00:00', 'until': '2026-01-08T00:00:00'}
CALLS = {'inbound': 12, 'internal': 30, 'outbound': 7}


def count_in_period(params):
    period = (datetime(2026, 1, 1), datetime(2026, 1, 8))
    if params['tenant_uuids'] != [TENANT]:
        return {'total': 0, 'filtered': 0}
    assert (params['start'], params['end']) == period
    return {'total': 49, 'filtered': CALLS[params['call_direction']]}


class CallLogd:
    """The dependencies of a plugin."""

    def __init__(self, api, settings):
        self.events: list[Any] = []
        providers: list[Any] = []
        call_log = SimpleNamespace(count_in_period=count_in_period)
        dependencies: Any = {
            'api': api,
            'bus_publisher': SimpleNamespace(publish=self.events.append),
            'config': settings,
            'dao': SimpleNamespace(call_log=call_log),
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
def call_logd(api, config):
    return CallLogd(api, config('wazo-call-logd'))


@pytest.fixture
def loaded(api, call_logd):
    return api


def test_a_report(call_logd, ask):
    assert ask(call_logd.resource.get, args=WEEK) == CALLS
    assert call_logd.events == []


def test_a_report_is_sent(call_logd, ask):
    assert ask(call_logd.resource.post, WEEK) == (CALLS, 201)
    (event,) = call_logd.events
    assert (event.content, event.tenant_uuid) == (WEEK | CALLS, TENANT)
    assert event.name == 'acme_example_report'


@pytest.mark.parametrize(
    'period',
    [
        {},
        {'from': WEEK['from']},
        {'until': WEEK['until']},
        WEEK | {'from': 'yesterday'},
        WEEK | {'until': WEEK['from']},
        WEEK | {'until': '2026-02-02T00:00:00'},
        WEEK | {'until': '2026-01-08T00:00:00+01:00'},
    ],
)
def test_what_is_no_period(call_logd, ask, period):
    with pytest.raises(ValidationError):
        ask(call_logd.resource.get, args=period)
    with pytest.raises(ValidationError):
        ask(call_logd.resource.post, period)
    assert call_logd.events == []


@pytest.mark.parametrize('body', [None, [1]])
def test_what_is_no_mapping(call_logd, ask, body):
    with pytest.raises(ValidationError):
        ask(call_logd.resource.post, body)


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_a_report_without_settings(api, ask, settings):
    call_logd = CallLogd(api, settings)
    assert ask(call_logd.resource.get, args=WEEK) == CALLS
    assert call_logd.status() == 'ok'


def test_settings_that_leave_no_period(api):
    broken = CallLogd(api, {'acme_example': {'max_days': 0}})
    assert broken.status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('call_logd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-call-logd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_call_logd.plugins'], True)

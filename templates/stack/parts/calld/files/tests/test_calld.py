# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-calld, from the request to what Asterisk is told."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from ari.exceptions import ARINotFound
from marshmallow import ValidationError
from xivo.rest_api_helpers import APIException

from acme_example.calld.plugin import Plugin

URL = '/acme/example/labels'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
LABEL = 'ACME_EXAMPLE_LABEL'


class NotFound(ARINotFound):
    def __init__(self):
        pass


class Asterisk:
    """Keeps the variables of three calls, one of them of another tenant."""

    def __init__(self):
        self.calls = {
            '1.1': {'WAZO_TENANT_UUID': TENANT},
            '1.2': {'WAZO_TENANT_UUID': TENANT, LABEL: 'support'},
            '2.1': {'WAZO_TENANT_UUID': 'other', LABEL: 'support'},
        }

    def connect(self):
        self.client = SimpleNamespace(channels=self)

    def list(self):
        return [SimpleNamespace(id=call_id) for call_id in self.calls]

    def getChannelVar(self, channelId, variable, **options):
        try:
            return {'value': self.calls[channelId][variable]}
        except KeyError:
            raise NotFound from None

    def setChannelVar(self, channelId, variable, value, **options):
        self.calls[channelId][variable] = value


class Calld:
    """The dependencies of a plugin; ARI connects once all plugins are loaded."""

    def __init__(self, api, settings):
        self.ari = Asterisk()
        self.events: list[Any] = []
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'ari': self.ari,
            'bus_publisher': SimpleNamespace(publish=self.events.append),
            'config': settings,
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
        }
        Plugin().load(dependencies)
        self.ari.connect()
        self.resource = api.resource(URL)
        (self.provide_status,) = providers

    def status(self):
        status: Any = defaultdict(dict)
        self.provide_status(status)
        return status['acme_example']['status']


@pytest.fixture
def calld(api, config):
    return Calld(api, config('wazo-calld'))


@pytest.fixture
def loaded(api, calld):
    return api


def test_the_labels_of_a_tenant(calld, ask):
    items = [{'call_id': '1.2', 'label': 'support'}]
    assert ask(calld.resource.get) == {'items': items, 'total': 1}


def test_a_call_is_labelled(calld, ask):
    label = {'call_id': '1.1', 'label': 'sales'}
    assert ask(calld.resource.post, label) == (label, 201)
    assert calld.ari.calls['1.1'][LABEL] == 'sales'
    (event,) = calld.events
    assert (event.content, event.tenant_uuid) == (label, TENANT)
    assert event.name == 'acme_example_call_labelled'


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'call_id': '1.1'},
        {'label': 'sales'},
        {'call_id': 7, 'label': 'sales'},
        {'call_id': '', 'label': 'sales'},
        {'call_id': '../1.1', 'label': 'sales'},
        {'call_id': '1.1\0', 'label': 'sales'},
        {'call_id': '\ud800', 'label': 'sales'},
        {'call_id': '1.1', 'label': 'none of them'},
    ],
)
def test_what_the_schema_does_not_take(calld, ask, body):
    with pytest.raises(ValidationError):
        ask(calld.resource.post, body)
    assert calld.events == []


@pytest.mark.parametrize('call_id', ['2.1', '9.9'])
def test_a_call_of_another_tenant_is_not_there(calld, ask, call_id):
    with pytest.raises(APIException) as caught:
        ask(calld.resource.post, {'call_id': call_id, 'label': 'sales'})
    assert caught.value.status_code == 404
    assert calld.events == []


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_labels_without_settings(api, ask, settings):
    label = {'call_id': '1.1', 'label': 'support'}
    calld = Calld(api, settings)
    assert ask(calld.resource.post, label) == (label, 201)
    assert calld.status() == 'ok'


def test_settings_that_leave_no_label(api):
    broken = Calld(api, {'acme_example': {'labels': []}})
    assert broken.status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('calld')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-calld')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_calld.plugins'], True)

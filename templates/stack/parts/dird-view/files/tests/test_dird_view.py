# SPDX-License-Identifier: # @= license @#
"""The view of wazo-dird, from the request to the services that it asks."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError
from wazo_dird.exception import NoSuchProfile, NoSuchProfileAPIException

from acme_example.dird_view.plugin import Plugin

URL = '/acme/example/names'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
NAMES = {'5550100': 'Ann Archer', '5550101': None}


class Services:
    """Those of wazo-dird that are asked for profiles, and for numbers."""

    def get_by_name(self, tenant_uuid, name):
        if (tenant_uuid, name) != (TENANT, 'default'):
            raise NoSuchProfile(name)
        return {'name': name}

    def reverse_many(self, profile_config, extens, profile, user_uuid, token):
        assert (profile_config, profile) == ({'name': 'default'}, 'default')
        assert (user_uuid, token) == ('user-1', 'token-1')
        names = [NAMES[exten] for exten in extens]
        return [name and SimpleNamespace(fields={'reverse': name}) for name in names]


class Dird:
    """The dependencies of a view."""

    def __init__(self, api, settings, services=('profile', 'reverse')):
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'config': settings,
            'services': dict.fromkeys(services, Services()),
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
def dird(api, config):
    return Dird(api, config('wazo-dird'))


@pytest.fixture
def loaded(api, dird):
    return api


def test_a_name(dird, ask):
    named = {'5550100': 'Ann Archer'}
    assert ask(dird.resource.get, args={'number': '5550100'}) == named


def test_many_names(dird, ask):
    assert ask(dird.resource.post, {'numbers': list(NAMES)}) == NAMES


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'numbers': []},
        {'numbers': '1'},
        {'numbers': [1]},
        {'numbers': ['']},
        {'numbers': ['1\0']},
        {'numbers': ['\ud800']},
    ],
)
def test_what_the_schema_does_not_take(dird, ask, body):
    with pytest.raises(ValidationError):
        ask(dird.resource.post, body)


@pytest.mark.parametrize('arguments', [{}, {'number': ''}, {'number': '1\0'}])
def test_a_request_without_a_number(dird, ask, arguments):
    with pytest.raises(ValidationError):
        ask(dird.resource.get, args=arguments)


def test_a_profile_that_the_tenant_lacks(api, ask):
    dird = Dird(api, {'acme_example': {'profile': 'other'}})
    with pytest.raises(NoSuchProfileAPIException) as caught:
        ask(dird.resource.get, args={'number': '5550100'})
    assert caught.value.status_code == 404


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_names_without_settings(api, ask, settings):
    dird = Dird(api, settings)
    assert ask(dird.resource.post, {'numbers': list(NAMES)}) == NAMES
    assert dird.status() == 'ok'


def test_a_service_that_is_not_there(api):
    assert Dird(api, {}, services=['profile']).status() == 'fail'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('dird_view')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-dird')['enabled_plugins']['views']
    assert enabled == dict.fromkeys(entry_points['wazo_dird.views'], True)

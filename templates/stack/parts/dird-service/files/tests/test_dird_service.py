# SPDX-License-Identifier: # @= license @#
"""The service of wazo-dird, and the view that asks it."""

from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import ValidationError
from wazo_dird.exception import NoSuchProfile, NoSuchProfileAPIException

from acme_example.dird_service.plugin import Plugin
from acme_example.dird_service.view import View

URL = '/acme/example/callers/<number>'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
ANN = {'number': '+33123456789', 'name': 'Ann Archer'}


class Services:
    """Those of wazo-dird that are asked for profiles, and for numbers."""

    def __init__(self, written):
        self.written = written

    def get_by_name(self, tenant_uuid, name):
        if (tenant_uuid, name) != (TENANT, 'default'):
            raise NoSuchProfile(name)
        return {'name': name}

    def reverse_many(self, profile_config, extens, profile, user_uuid, token):
        assert (profile_config, profile) == ({'name': 'default'}, 'default')
        assert (user_uuid, token) == ('user-1', 'token-1')
        contact = SimpleNamespace(fields={'reverse': 'Ann Archer'})
        return [contact if exten == self.written else None for exten in extens]


@pytest.fixture
def load(api):
    """Return a function that loads service and view over a contact with a number."""

    def with_contact(settings, written='0123456789'):
        controller = SimpleNamespace()
        dependencies: Any = {'config': settings, 'controller': controller}
        service = Plugin().load(dependencies)
        # the services of others are there later
        controller.services = dict.fromkeys(('profile', 'reverse'), Services(written))
        dependencies = {'api': api, 'services': {'acme_example': service}}
        View().load(dependencies)
        return api.resource(URL)

    return with_contact


@pytest.fixture
def resource(load, config):
    return load(config('wazo-dird'))


@pytest.fixture
def loaded(api, resource):
    return api


@pytest.mark.parametrize(
    ('number', 'normal'),
    [
        ('01 23 45', '+3312345'),
        ('0044 20 1', '+44201'),
        ('+1 (555) 01', '+155501'),
        ('101', '101'),
    ],
)
def test_numbers(resource, ask, number, normal):
    assert ask(resource.get, number=number) == {'number': normal, 'name': None}


@pytest.mark.parametrize(
    'written', ['0123456789', '+33123456789', '0033123456789', '33123456789']
)
@pytest.mark.parametrize('called', ['01 23 45 67 89', '+33 1 23 45 67 89'])
def test_a_caller_is_found_however_written(load, config, ask, written, called):
    assert ask(load(config('wazo-dird'), written).get, number=called) == ANN


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
@pytest.mark.parametrize('called', ['0123456789', '0033123456789'])
def test_a_caller_without_settings(load, ask, settings, called):
    assert ask(load(settings).get, number=called) == ANN


def test_a_profile_that_the_tenant_lacks(resource, ask):
    with pytest.raises(NoSuchProfileAPIException) as caught:
        ask(resource.get, args={'profile': 'other'}, number='101')
    assert caught.value.status_code == 404


@pytest.mark.parametrize('profile', ['', 'a\0b', 'a' * 129])
def test_a_profile_that_is_no_name(resource, ask, profile):
    with pytest.raises(ValidationError):
        ask(resource.get, args={'profile': profile}, number='101')


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('dird_service')


def test_both_are_enabled(entry_points, config):
    enabled = config('wazo-dird')['enabled_plugins']
    assert enabled['services'] == dict.fromkeys(
        entry_points['wazo_dird.services'], True
    )
    assert enabled['views']['acme_example_callers'] is True
    assert 'acme_example_callers' in entry_points['wazo_dird.views']

# SPDX-License-Identifier: # @= license @#
"""The backend of wazo-dird and its view."""

from typing import Any

import pytest

from acme_example.dird_backend.backend import Backend
from acme_example.dird_backend.view import View


@pytest.fixture
def load():
    def with_settings(**settings):
        backend = Backend()
        config = {'backend': 'acme_example', 'name': 'main'} | settings
        dependencies: Any = {'config': config}
        backend.load(dependencies)
        return backend

    return with_settings


@pytest.fixture
def backend(load):
    return load(format_columns=None)


def names(results):
    return [result.fields['firstname'] for result in results]


def test_search(backend):
    assert names(backend.search('BAK')) == ['Bob']
    assert names(backend.search('')) == ['Ann', 'Bob']
    assert backend.search('nobody') == []


def test_first_match(backend):
    assert backend.first_match('5550100').fields['firstname'] == 'Ann'
    assert backend.first_match('1') is None


def test_the_columns_of_the_source_count(load):
    backend = load(searched_columns=['number'], first_matched_columns=['lastname'])
    assert names(backend.search('0101')) == ['Bob']
    assert backend.search('bob') == []
    assert backend.first_match('Archer').fields['firstname'] == 'Ann'
    assert backend.first_match('5550100') is None


def test_columns_that_no_contact_has(load):
    backend = load(searched_columns=['fax', 'lastname'], first_matched_columns=['fax'])
    assert names(backend.search('BAK')) == ['Bob']
    assert backend.first_match('5550100') is None


def test_list(backend):
    assert names(backend.list(['2', '3'])) == ['Bob']


def test_sources_of_the_backend_can_be_created(api, documented):
    services = {'source': None}
    dependencies: Any = {'api': api, 'config': {'auth': {}}, 'services': services}
    View().load(dependencies)
    assert set(api.routes) == {
        '/backends/acme_example/sources',
        '/backends/acme_example/sources/<source_uuid>',
    }
    assert api.open_verbs() == []
    assert api.rights() == documented('dird_backend')


def test_backend_and_view_are_enabled(entry_points, config):
    enabled = config('wazo-dird')['enabled_plugins']
    assert enabled['backends']['acme_example'] is True
    assert enabled['views']['acme_example_backend'] is True
    assert View.backend in entry_points['wazo_dird.backends']
    assert 'acme_example_backend' in entry_points['wazo_dird.views']

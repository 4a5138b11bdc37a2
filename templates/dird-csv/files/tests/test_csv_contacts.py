# SPDX-License-Identifier: # @= license @#
"""The backend of wazo-dird over real files, and its view."""

from typing import Any

import pytest
from marshmallow import ValidationError

from acme_example.csv_contacts.backend import Backend
from acme_example.csv_contacts.view import SourceSchema, View

CONTACTS = (
    '\ufeffid,name,phone,mobile\n'
    '1,Ann Archer,555-0100,\n'
    '2,Zoë Baker,,"+1 (418) 555-0101"\n'
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / 'contacts.csv'
    path.write_text(CONTACTS, encoding='utf-8')
    return path


@pytest.fixture
def backend(file):
    backend = Backend()
    config = {
        'backend': 'acme_example_csv',
        'name': 'suppliers',
        'file': str(file),
        'searched_columns': ['name', 'phone'],
        'first_matched_columns': ['phone', 'mobile'],
        'format_columns': None,
    }
    dependencies: Any = {'config': config}
    backend.load(dependencies)
    return backend


def names(results):
    return [result.fields['name'] for result in results]


def test_search(backend):
    assert names(backend.search('ZOË')) == ['Zoë Baker']
    assert names(backend.search('0100')) == ['Ann Archer']
    assert backend.search('nobody') == []


def test_numbers_match_however_they_are_written(backend):
    assert backend.first_match('5550100').fields['name'] == 'Ann Archer'
    for written in ('14185550101', '+1 (418) 555-0101', '0014185550101'):
        assert backend.first_match(written).fields['name'] == 'Zoë Baker'
    assert backend.first_match('1') is None
    assert backend.first_match('anonymous') is None, 'no contact has an empty number'


def test_several_callers_at_once(backend):
    found = backend.match_all(['5550100', '+14185550101', '9'])
    assert found.keys() == {'5550100', '+14185550101'}
    assert found['5550100'].fields['id'] == '1'


def test_list(backend):
    assert names(backend.list(['2', '3'])) == ['Zoë Baker']


def test_a_changed_file_is_read_again(backend, file):
    assert len(backend.search('')) == 2
    file.write_text(CONTACTS + '3,Cid Cooper,103,\n', encoding='utf-8')
    assert backend.first_match('103').fields['name'] == 'Cid Cooper'


def test_contacts_stay_while_the_file_is_away_or_broken(backend, file, caplog):
    backend.search('')
    file.unlink()
    assert len(backend.search('')) == 2
    file.write_bytes(b'id,name\n1,\xff\n')
    assert len(backend.search('')) == 2
    assert 'cannot read' in caplog.text


def source(**more):
    return SourceSchema().load({'name': 'a', 'file': '/srv/a.csv'} | more)


def test_a_source():
    defaults = source()
    assert (defaults['separator'], defaults['unique_column']) == (',', 'id')
    assert source(separator=';')['separator'] == ';'


@pytest.mark.parametrize(
    'wrong',
    [
        {'separator': ''},
        {'separator': ';;'},
        {'separator': '\n'},
        {'separator': '"'},
        {'file': 'contacts.csv'},
        {'file': '/srv/\0'},
        {'file': '/srv/\ud800'},
        {'unique_column': ''},
    ],
)
def test_a_source_that_could_not_be_read_is_refused(wrong):
    with pytest.raises(ValidationError):
        source(**wrong)


def test_sources_of_the_backend_can_be_created(api, documented):
    services = {'source': None}
    dependencies: Any = {'api': api, 'config': {'auth': {}}, 'services': services}
    View().load(dependencies)
    assert set(api.routes) == {
        '/backends/acme_example_csv/sources',
        '/backends/acme_example_csv/sources/<source_uuid>',
    }
    assert api.open_verbs() == []
    assert api.rights() == documented('csv_contacts')


def test_backend_and_view_are_enabled(entry_points, config):
    enabled = config('wazo-dird')['enabled_plugins']
    backends, views = (entry_points[f'wazo_dird.{kind}'] for kind in enabled)
    assert enabled['backends'] == dict.fromkeys(backends, True)
    assert enabled['views'] == dict.fromkeys(views, True)
    assert View.backend in backends

# SPDX-License-Identifier: # @= license @#
"""Calls from the event to the lines of the files."""

import csv

import pytest

from acme_example.export.files import DailyFiles
from acme_example.export.plugin import Plugin

TENANT = '6f8f3a3e-0f5e-4a57-9a4b-0d7c2a7b1f10'
CALL = {
    'id': 7,
    'tenant_uuid': TENANT,
    'start': '2026-03-01T23:30:00.5-05:00',
    'answer': None,
    'source_name': 'O"Neil, Ann',
    'source_extension': '+14185550100',
    'tags': [],
}


class Bus:
    def __init__(self):
        self.handlers = {}

    def subscribe(self, event_name, handler):
        self.handlers[event_name] = handler


@pytest.fixture
def settings(config, tmp_path):
    settings = config('wazo-call-logd')
    own = settings['acme_example_export'] | {'folder': str(tmp_path)}
    return settings | {'acme_example_export': own}


def lines(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def test_a_finished_call_is_a_line_of_its_day(settings, tmp_path):
    bus = Bus()
    Plugin().load({'config': settings, 'bus_consumer': bus})
    bus.handlers['call_log_created'](CALL)
    bus.handlers['call_log_created']({**CALL, 'id': 8})
    # half past eleven in the evening there was the next day in UTC
    (path,) = (tmp_path / TENANT).iterdir()
    assert path.name == '2026-03-02.csv'
    first, second = lines(path)
    assert list(first) == settings['acme_example_export']['columns']
    assert (first['id'], second['id']) == ('7', '8')
    assert first['source_name'] == 'O"Neil, Ann'
    assert first['answer'] == ''


def test_each_tenant_has_files_of_its_own(tmp_path):
    files = DailyFiles(tmp_path, ['id'])
    other = TENANT.replace('6', '7')
    for tenant in (TENANT, other, None, '../elsewhere'):
        files.add(CALL | {'tenant_uuid': tenant})
    folders = sorted(path.name for path in tmp_path.iterdir())
    assert folders == [TENANT, other, 'of-no-tenant']
    assert len(lines(tmp_path / TENANT / '2026-03-02.csv')) == 1


def test_a_name_is_no_formula(tmp_path):
    files = DailyFiles(tmp_path, ['source_name', 'source_extension'])
    files.add(CALL | {'source_name': '=HYPERLINK("https://example.org")'})
    path = tmp_path / TENANT / '2026-03-02.csv'
    ((_, number),) = (row.values() for row in lines(path))
    assert number == '+14185550100', 'a number stays one'
    assert "'=HYPERLINK" in path.read_text(encoding='utf-8')


@pytest.mark.parametrize('start', [None, '', 'yesterday'])
def test_a_call_without_a_start_is_not_lost(tmp_path, start):
    DailyFiles(tmp_path, ['id']).add({'id': 9, 'start': start})
    (path,) = (tmp_path / 'of-no-tenant').iterdir()
    assert lines(path) == [{'id': '9'}]


def test_a_full_disk_loses_no_call(tmp_path, caplog):
    missing = tmp_path / 'missing'
    DailyFiles(missing, ['id', 'source_extension']).add(CALL)
    assert '7,+14185550100' in caplog.text


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-call-logd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_call_logd.plugins'], True)

# SPDX-License-Identifier: # @= license @#
"""Calls from the event to the lines of the files."""

import csv

import pytest

from acme_example.export.files import DailyFiles
from acme_example.export.plugin import Plugin

CALL = {
    'id': 7,
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
    return {**settings, 'acme_example_export': {**settings['acme_example_export'], 'folder': str(tmp_path)}}


def lines(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def test_a_finished_call_is_a_line_of_its_day(settings, tmp_path):
    bus = Bus()
    Plugin().load({'config': settings, 'bus_consumer': bus})
    bus.handlers['call_log_created'](CALL)
    bus.handlers['call_log_created']({**CALL, 'id': 8})
    # half past eleven in the evening there was the next day in UTC
    (path,) = tmp_path.iterdir()
    assert path.name == '2026-03-02.csv'
    first, second = lines(path)
    assert list(first) == settings['acme_example_export']['columns']
    assert (first['id'], second['id']) == ('7', '8')
    assert first['source_name'] == 'O"Neil, Ann'
    assert first['answer'] == ''


def test_a_name_is_no_formula(tmp_path):
    files = DailyFiles(tmp_path, ['source_name', 'source_extension'])
    files.add({**CALL, 'source_name': '=HYPERLINK("https://example.org")'})
    ((_, number),) = (row.values() for row in lines(tmp_path / '2026-03-02.csv'))
    assert number == '+14185550100', 'a number stays one'
    assert "'=HYPERLINK" in (tmp_path / '2026-03-02.csv').read_text(encoding='utf-8')


@pytest.mark.parametrize('start', [None, '', 'yesterday'])
def test_a_call_without_a_start_is_not_lost(tmp_path, start):
    DailyFiles(tmp_path, ['id']).add({'id': 9, 'start': start})
    (path,) = tmp_path.iterdir()
    assert lines(path) == [{'id': '9'}]


def test_a_full_disk_loses_no_call(tmp_path, caplog):
    DailyFiles(tmp_path / 'missing', ['id', 'source_extension']).add(CALL)
    assert '7,+14185550100' in caplog.text


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-call-logd')['enabled_plugins']
    assert {name for name, value in enabled.items() if value is True} == set(entry_points['wazo_call_logd.plugins'])

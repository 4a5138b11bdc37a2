# SPDX-License-Identifier: # @= license @#
"""What the plugin makes of its lines."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES = (ROOT / 'tests' / 'lines.txt').read_text(encoding='utf-8').splitlines()
RINGS, RECEIVED, DIALLED, MISSED = LINES[2:]


@pytest.fixture
def plugin(module):
    return module.ExamplePlugin(port='/dev/null', rate=9600, day_first=True)


def test_a_ringing_call(module):
    record = module.parse_line(RINGS)
    assert record.call_type == record.INCOMING
    assert record.fields == {'number': '0876156584', 'line': 2, 'ext': 101}


def test_a_received_call(module):
    record = module.parse_line(RECEIVED, day_first=True)
    assert record.call_type == record.RECEIVED
    assert record.fields == {
        'number': '0876156584',
        'line': 2,
        'ext': 101,
        'ring': 5,
        'duration': 70,
        'answered': record.ANSWERED,
        'date': '2026-11-12T09:15:00',
    }


def test_an_outgoing_call(module):
    record = module.parse_line(DIALLED)
    assert record.call_type == record.OUTGOING
    assert (record.fields['number'], record.fields['duration']) == ('0860306780', 3725)
    assert record.fields['date'] == '2026-12-11T23:40:00', 'with the month first'


def test_a_missed_call_without_a_number(module):
    record = module.parse_line(MISSED)
    assert (record.fields['number'], record.fields['ring']) == ('', 31)
    assert record.fields['answered'] == record.NOT_ANSWERED


@pytest.mark.parametrize('line', ['', 'PBX restarted', RECEIVED[:50], LINES[0], LINES[1]])
def test_other_lines_are_no_calls(module, line):
    assert module.parse_line(line) is None


def test_settings_stand_under_the_name_of_the_class(module):
    settings = (ROOT / 'acme_example_call_logger/plugin/settings.yml').read_text(encoding='utf-8')
    assert settings.split(':', 1)[0] == module.ExamplePlugin.__name__


def test_lines_of_the_port_are_pushed(plugin, caplog):
    plugin.receive(*(f'{line}\r\n'.encode() for line in LINES))
    assert [record.call_type for record in plugin.pushed] == [0, 1, 2, 1]
    assert caplog.text == '', 'headings are nothing to warn of'


def test_a_damaged_line_does_not_end_the_logger(plugin, caplog):
    wrong_day = RECEIVED.replace('12/11', '31/02')
    plugin.receive(b'\xff\xfe\x00garbage\r\n', f'{wrong_day}\r\n'.encode(), f'{RECEIVED}\r\n'.encode())
    assert len(plugin.pushed) == 1
    assert len(caplog.records) == 2

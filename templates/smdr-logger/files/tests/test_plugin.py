# SPDX-License-Identifier: # @= license @#
"""The records that the plugin makes of its lines."""

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


@pytest.mark.parametrize(
    ('dial', 'incoming', 'number'),
    [
        ('<D>4416<I>0860000001', True, '0860000001'),
        ('<I>WIDE LTD0860000001', True, '0860000001'),
        ('<D>SALES4416<I>WIDE LTD', True, ''),
        ('<D>4416', True, ''),
        ('<I>', True, ''),
        ('0860306780', False, '0860306780'),
        ('9P0860306780', False, '90860306780'),
        ('0860..............', False, '0860'),
        ('086030XX', False, '086030'),
        ('0860306780-102', False, '0860306780'),
    ],
)
@pytest.mark.parametrize(
    'line',
    [
        "12/11/26 09:15AM   101 02 {:<25} 0'05 00:01'10\"",
        "12/11/26 09:15AM   101 02 {:<25} 0'05 00:01'10\" 9876543210 TR",
        "12.11.26 09:15     101 02 {:<25} 0'05 00:01'10",
        "12/11/26 09:15AM   101 02 {:<20} 00:01'10\" 00560.00EU 9876543210 TR",
        "12/11/26 09:15AM   101 0002 {:<50} 0'05 00:01'10\" 00560.00EUR 9876543210 TR",
        "12/11/26 21:15    *123 02 {:<25} 00:01'10\" 98765",
    ],
)
def test_what_the_maker_documents(module, line, dial, incoming, number):
    record = module.parse_line(line.format(dial), day_first=True)
    assert record.call_type == (record.RECEIVED if incoming else record.OUTGOING)
    assert (
        record.fields['number'],
        record.fields['line'],
        record.fields['duration'],
    ) == (number, 2, 70)
    assert record.fields['ext'] == (
        0 if '*123' in line else 101
    ), 'a code of a person is no extension'
    assert record.fields['ring'] == (5 if "0'05" in line else 0)


@pytest.mark.parametrize(
    'rest',
    [
        'EXT1235',
        'LOG IN',
        'In the office',
        'Check out',
        'Timed Reminder/Answer',
        '<I>S003',
    ],
)
def test_lines_about_no_outside_call(plugin, caplog, rest):
    plugin.receive(f'01/02/26 03:35PM  1234    {rest}\r\n'.encode())
    assert (plugin.pushed, caplog.text) == ([], '')


def test_a_line_that_is_not_understood_is_counted_and_makes_no_record(plugin, caplog):
    plugin.receive(
        *(
            f"12/11/26 09:15AM 101 02 {dial} 00:01'10\r\n".encode()
            for dial in ('WIDE LTD', '<X>1')
        )
    )
    assert plugin.pushed == []
    assert '(2 so far)' in caplog.records[-1].getMessage()


@pytest.mark.parametrize(
    'line', ['', 'PBX restarted', RECEIVED[:50], LINES[0], LINES[1]]
)
def test_other_lines_are_no_calls(module, line):
    assert module.parse_line(line) is None


def test_settings_stand_under_the_name_of_the_class(module):
    file = ROOT / 'acme_example_call_logger' / 'plugin' / 'settings.yml'
    settings = file.read_text(encoding='utf-8')
    assert settings.split(':', 1)[0] == module.ExamplePlugin.__name__


def test_lines_of_the_port_are_pushed(plugin, caplog):
    plugin.receive(*(f'{line}\r\n'.encode() for line in LINES))
    assert [record.call_type for record in plugin.pushed] == [0, 1, 2, 1]
    assert caplog.text == '', 'headings are nothing to warn of'


def test_a_damaged_line_does_not_end_the_logger(plugin, caplog):
    wrong_day = RECEIVED.replace('12/11', '31/02')
    plugin.receive(
        b'\xff\xfe\x00garbage\r\n',
        f'{wrong_day}\r\n'.encode(),
        f'{RECEIVED}\r\n'.encode(),
    )
    assert len(plugin.pushed) == 1
    assert len(caplog.records) == 2

# SPDX-License-Identifier: # @= license @#
"""The records that the plugin makes of its lines."""

# @_ if (isBasePlugin) { _@#
import threading
import time
# @_ } _@#
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINES = (ROOT / 'tests' / 'lines.txt').read_text(encoding='utf-8').splitlines()


def test_incoming_call(module):
    record = module.parse_line(LINES[0])
    assert record.call_type == record.INCOMING
    assert record.fields == {'number': '0876156584', 'line': 2, 'ext': 101}


def test_received_call(module):
    record = module.parse_line(LINES[1])
    assert record.call_type == record.RECEIVED
    assert record.fields == {
        'number': '0876156584',
        'line': 2,
        'ext': 101,
        'ring': 5,
        'duration': 70,
        'date': '2026-01-31T09:15:02',
    }


def test_outgoing_call(module):
    record = module.parse_line(LINES[2])
    assert record.call_type == record.OUTGOING
    assert record.fields['duration'] == 3725


@pytest.mark.parametrize(
    'line', ['', 'PBX restarted', '2026-01-31 09:15:02,R,0876156584,2,101']
)
def test_other_lines_are_no_calls(module, line):
    assert module.parse_line(line) is None


def test_settings_stand_under_the_name_of_the_class(module):
    file = ROOT / 'acme_example_call_logger' / 'plugin' / 'settings.yml'
    settings = file.read_text(encoding='utf-8')
    assert settings.split(':', 1)[0] == module.ExamplePlugin.__name__


# @_ if (isBaseSerial) { _@#
def test_lines_of_the_port_are_pushed(module):
    plugin = module.ExamplePlugin(port='/dev/null', rate=9600)
    plugin.receive(*(f'{line}\r\n'.encode() for line in LINES))
    assert [record.call_type for record in plugin.pushed] == [0, 1, 2]


def test_a_damaged_line_does_not_end_the_logger(module):
    plugin = module.ExamplePlugin(port='/dev/null', rate=9600)
    plugin.receive(b'\xff\xfe\x00garbage\r\n', f'{LINES[0]}\r\n'.encode())
    assert len(plugin.pushed) == 1
# @_ } else { _@#
@pytest.fixture
def running(module, tmp_path, monkeypatch):
    """A plugin that follows a file, and a function that waits for its calls."""
    path = tmp_path / 'calls.csv'
    path.write_text('2026-01-30 08:00:00,I,1,1,100\n', encoding='utf-8')
    plugin = module.ExamplePlugin(path=str(path), interval=0.01, timeout=0.01)
    follow, following = plugin.follow, threading.Event()

    def followed(lines):
        following.set()
        follow(lines)

    monkeypatch.setattr(plugin, 'follow', followed)
    thread = threading.Thread(target=plugin.run)
    thread.start()
    assert following.wait(10)

    def wait_for(count):
        end = time.monotonic() + 10
        while len(plugin.pushed) < count and time.monotonic() < end:
            time.sleep(0.01)
        return [record.call_type for record in plugin.pushed]

    yield path, wait_for
    plugin.running = False
    thread.join()


def test_new_lines_of_the_file_are_pushed(running):
    path, wait_for = running
    with open(path, 'a', encoding='utf-8') as file:
        file.write(f'{LINES[0]}\n{LINES[1][:20]}')
        file.flush()
        assert wait_for(1) == [0]
        file.write(f'{LINES[1][20:]}\n')
    assert wait_for(2) == [0, 1]


def test_a_replaced_file_is_read_from_its_beginning(running):
    path, wait_for = running
    path.rename(path.with_suffix('.1'))
    time.sleep(0.05)
    path.write_text(f'{LINES[2]}\n', encoding='utf-8')
    assert wait_for(1) == [2]
# @_ } _@#

# SPDX-License-Identifier: # @= license @#
"""Reads calls from lines like ``2026-01-31 09:15:02,R,0876156584,2,101,00:05,00:01:10``."""

# @_ if (isBasePlugin) { _@#
import os
import re
import time
from typing import TextIO
# @_ } else { _@#
import re
# @_ } _@#

# @_ if (isBaseSerial) { _@#
from calllogger.plugins import SerialPlugin
# @_ } else { _@#
from calllogger.plugins import BasePlugin
# @_ } _@#
from calllogger.record import CallDataRecord

# date and time, kind of call, number, line, extension; then ring time and duration,
# unless it just comes in
LINE = re.compile(
    r'(?P<date>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(?P<kind>[IRO]),(?P<number>[0-9*#+]*),'
    r'(?P<line>\d+),(?P<ext>\d+)(?:,(?P<ring>[\d:]+),(?P<duration>[\d:]+))?'
)
KINDS = {
    'I': CallDataRecord.INCOMING,
    'R': CallDataRecord.RECEIVED,
    'O': CallDataRecord.OUTGOING,
}


def parse_line(text: str) -> 'CallDataRecord | None':
    """Return the record of one line, or None for a line that is not a call."""
    match = LINE.fullmatch(text.strip())
    if match is None or (match['kind'] != 'I' and match['duration'] is None):
        return None
    record = CallDataRecord(KINDS[match['kind']])
    record.date_str(match['date'], fmt='%Y-%m-%d %H:%M:%S')
    record.number = match['number']
    record.line = int(match['line'])
    record.ext = int(match['ext'])
    if match['kind'] != 'I':
        record.ring = seconds(match['ring'])
        record.duration = seconds(match['duration'])
    record.raw = text.strip()
    return record


def seconds(clock: str) -> int:
    """Turn ``MM:SS`` or ``HH:MM:SS`` into seconds."""
    total = 0
    for part in clock.split(':'):
        total = total * 60 + int(part or 0)
    return total


# @_ if (isBaseSerial) { _@#
class ExamplePlugin(SerialPlugin):
    """Calls from a serial line.

    The environment can change each setting: PLUGIN_PORT, PLUGIN_BAUDRATE.
    """

    # calllogger chooses a plugin by its name, or by this number
    id = 1000
    port: str = "# @= port @#"
    baudrate: int = 9600

    def decode(self, raw: bytes) -> str:
        # a damaged byte becomes a question mark
        return raw.decode('ascii', errors='replace').strip()

    def parse(self, validated_line: str) -> 'CallDataRecord | None':
        record = parse_line(validated_line)
        if record is None:
            self.logger.warning('not a call: %r', validated_line)
        return record
# @_ } else { _@#
class ExamplePlugin(BasePlugin):
    """Calls from the end of a file.

    The environment can change each setting: PLUGIN_PATH, PLUGIN_INTERVAL.
    """

    # calllogger chooses a plugin by its name, or by this number
    id = 1000
    path: str = "# @= path @#"
    interval: int = 1

    def entrypoint(self) -> None:
        # what stood in the file before the start was logged by the run before
        whence = os.SEEK_END
        while self.is_running:
            try:
                with open(self.path, encoding='utf-8', errors='replace') as lines:
                    lines.seek(0, whence)
                    self.timeout.reset()
                    self.follow(lines)
            except OSError as error:
                self.logger.warning('%s: trying again', error)
                self.timeout.sleep()
            whence = os.SEEK_SET

    def follow(self, lines: TextIO) -> None:
        """Push the calls of the file until it is replaced by another one."""
        begun = ''
        while self.is_running:
            begun += lines.readline()
            if begun.endswith('\n'):
                self.log(begun.strip())
                begun = ''
            elif self.is_replaced(lines):
                return
            else:
                time.sleep(self.interval)

    def is_replaced(self, lines: TextIO) -> bool:
        """Say whether the path now leads to another file, or this one was emptied."""
        now = os.stat(self.path)
        open_file = os.fstat(lines.fileno())
        return now.st_ino != open_file.st_ino or now.st_size < lines.tell()

    def log(self, text: str) -> None:
        record = parse_line(text)
        if record is not None:
            self.push(record)
        elif text:
            self.logger.warning('not a call: %r', text)
# @_ } _@#

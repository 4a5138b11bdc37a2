# SPDX-License-Identifier: # @= license @#
"""Reads calls from lines like ``2026-01-31 09:15:02,R,0876156584,2,101,00:05,00:01:10``."""

from __future__ import annotations

# @_ if (isBasePlugin) { _@#
import os
import re
import time
from typing import Any, TextIO
# @_ } else { _@#
import re
# @_ } _@#

# @_ if (isBaseSerial) { _@#
from quartx_call_logger.plugins import Record, SerialPlugin
# @_ } else { _@#
from quartx_call_logger.plugins import Plugin, Record
# @_ } _@#

# date and time, kind of call, number, line, extension; then ring time and duration,
# unless it just comes in
LINE = re.compile(
    r'(?P<date>\d{4}-\d\d-\d\d) (?P<time>\d\d:\d\d:\d\d),(?P<kind>[IRO]),(?P<number>[0-9*#+]*),'
    r'(?P<line>\d+),(?P<ext>\d+)(?:,(?P<ring>[\d:]+),(?P<duration>[\d:]+))?'
)


def parse_line(text: str) -> Record | None:
    """Return the record of one line, or None for a line that is not a call."""
    match = LINE.fullmatch(text.strip())
    if match is None:
        return None
    call = {
        'number': match['number'],
        'line': int(match['line']),
        'ext': int(match['ext']),
    }
    if match['kind'] == 'I':
        # @_ if (isGeneration1) { _@#
        return Record(Record.INCOMING, **call)
        # @_ } else { _@#
        return Record(call_type=Record.INCOMING, **call)
        # @_ } _@#
    if match['duration'] is None:
        return None
    kind = Record.RECEIVED if match['kind'] == 'R' else Record.OUTGOING
    # text, not a datetime: a record is sent as JSON
    date = f"{match['date']}T{match['time']}"
    times = {
        'ring': seconds(match['ring']),
        'duration': seconds(match['duration']),
        'date': date,
    }
    # @_ if (isGeneration1) { _@#
    return Record(kind, **call, **times)
    # @_ } else { _@#
    return Record(call_type=kind, **call, **times)
    # @_ } _@#


def seconds(clock: str) -> int:
    """Turn ``MM:SS`` or ``HH:MM:SS`` into seconds."""
    total = 0
    for part in clock.split(':'):
        total = total * 60 + int(part or 0)
    return total


# @_ if (isBaseSerial) { _@#
class ExamplePlugin(SerialPlugin):
    """The call logger opens the port, and hands each line to decode and then to parse."""

    def decode(self, data: bytes) -> str:
        # an exception here would end the call logger, so a damaged byte becomes a question mark
        return data.decode('ascii', errors='replace').strip()

    def parse(self, data: str) -> Record | None:
        record = parse_line(data)
        if record is None and data:
            self.logger.warning('not a call: %r', data)
        return record
# @_ } else { _@#
class ExamplePlugin(Plugin):
    """Follows the end of a file, as ``tail -F`` does."""

    def __init__(self, path: str, interval: float = 1.0, **settings: Any) -> None:
        self.path = path
        self.interval = interval
        super().__init__(**settings)

    def run(self) -> None:
        # what stood in the file before the start was logged by the run before
        whence = os.SEEK_END
        while self.running:
            try:
                with open(self.path, encoding='utf-8', errors='replace') as lines:
                    lines.seek(0, whence)
                    self.follow(lines)
                whence = os.SEEK_SET
            except OSError as error:
                self.logger.warning(
                    '%s: trying again in %s seconds', error, self.timeout
                )
                time.sleep(self.timeout)
                whence = os.SEEK_SET

    def follow(self, lines: TextIO) -> None:
        """Push the calls of the file until it is replaced by another one."""
        begun = ''
        while self.running:
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

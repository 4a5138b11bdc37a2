# SPDX-License-Identifier: # @= license @#
"""Reads SMDR lines of a Panasonic KX-TDA, TDE or NS.

They look like ``01/31/26 09:15AM   101 02 <I>0876156584             0'05 00:01'10"``, with a heading on each page.
"""

import re
from datetime import datetime

from quartx_call_logger.plugins import Record, SerialPlugin

# date and time, extension, outside line, number; ring time of incoming calls, duration, account and condition code
LINE = re.compile(
    r'(?P<date>\d\d/\d\d/\d\d)\s+(?P<time>\d{1,2}:\d\d)(?P<half>[AP]M)?\s+(?P<ext>\d+)\s+(?P<line>\d+)\s+'
    r'(?P<incoming><I>)?(?P<number>[0-9*#+.]*)\S*(?:\s+(?P<ring>\d+\'\d\d))?\s+(?P<duration>\d\d:\d\d\'\d\d)"?'
    r'(?:\s+(?P<account>\d+))?(?:\s+(?P<code>[A-Z]{2}))?'
)
# the condition codes that tell of more than a finished call
RINGS, NOT_ANSWERED = 'RC', 'NA'
HEADING = re.compile(r'\s*(Date\s+Time|-{10,}|$)')


def parse_line(text, day_first=False):
    """Return the record of one line, or None for a line that tells of no call."""
    match = LINE.fullmatch(text.strip())
    if match is None:
        return None
    call = {'number': match['number'].rstrip('.'), 'line': int(match['line']), 'ext': int(match['ext'])}
    if match['incoming'] and match['code'] == RINGS:
        return Record(Record.INCOMING, **call)
    kind = Record.RECEIVED if match['incoming'] else Record.OUTGOING
    answered = Record.NOT_ANSWERED if match['code'] == NOT_ANSWERED else Record.ANSWERED
    return Record(
        kind,
        **call,
        ring=seconds(match['ring'] or ''),
        duration=seconds(match['duration']),
        answered=answered,
        # text, not a datetime: a record is sent as JSON
        date=moment(match, day_first),
    )


def moment(match, day_first):
    """Return when the call began, as ISO 8601 in the clock of the telephone system."""
    days = '%d/%m/%y' if day_first else '%m/%d/%y'
    clock = '%I:%M%p' if match['half'] else '%H:%M'
    written = f"{match['date']} {match['time']}{match['half'] or ''}"
    return datetime.strptime(written, f'{days} {clock}').isoformat()


def seconds(clock):
    """Turn ``0'05`` or ``00:01'10`` into seconds."""
    total = 0
    for part in re.findall(r'\d+', clock):
        total = total * 60 + int(part)
    return total


class ExamplePlugin(SerialPlugin):
    """The call logger opens the port, and hands each line to decode and then to parse."""

    def __init__(self, port, rate, day_first=False, **settings):
        self.day_first = day_first
        super().__init__(port=port, rate=rate, **settings)

    def decode(self, data):
        # an exception here would end the call logger, so a damaged byte becomes a question mark
        return data.decode('ascii', errors='replace').strip('\0\r\n')

    def parse(self, data):
        try:
            record = parse_line(data, self.day_first)
        except ValueError as error:  # the 31st of February
            self.logger.warning('%s: %r', error, data)
            return None
        if record is None and not HEADING.match(data):
            self.logger.warning('not a call: %r', data)
        return record

# SPDX-License-Identifier: # @= license @#
"""Reads SMDR lines of a Panasonic KX-TDA, TDE or NS, of 80 or 120 digits, with or without charges.

They look like this, with a heading on each page:

    01/31/26 09:15AM   101 02 <I>0876156584             0'05 00:01'10"

Source: the feature guides of KX-TDA200 (page 219) and KX-NS1000 (page 222).
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from quartx_call_logger.plugins import Record, SerialPlugin

# what every line begins with, and what a line about an outside call goes on with
HEAD = (
    r'(?P<date>\d\d[/.-]\d\d[/.-]\d\d)\s+(?P<time>\d{1,2}:\d\d)(?P<half>[AP]M)?\s+'
    r'(?P<ext>[*DT]?\d+)\s+'
)
LINE = re.compile(
    HEAD + r'(?P<line>\d{2,4})\s(?P<dial>.*?)'
    r'(?:\s+(?P<ring>\d{1,2}\'\d\d))?\s+(?P<duration>\d\d:\d\d\'\d\d)"?'
    r'(?:\s+(?P<cost>\d+[.,]\d+\s?[^\s\d]{0,3}))?'
    r'(?:\s+(?P<account>\d+))?(?:\s+(?P<code>[A-Z][A-Z0-9]))?'
)
# what the system writes of calls within it, of rooms and of people: no outside call
INSIDE = re.compile(
    HEAD + r'(?:EXT|LOG |In the office|Check |Timed Reminder|<I>[A-Z]?\d{1,5}\s*$).*'
)
HEADING = re.compile(r'\s*(Date\s+Time|-{10,}|$)')

# in the column of the number: who is called (DDI), then who calls; a name may stand
# before either number
INCOMING = re.compile(r'(?:<D>(?P<called>[^<]*))?(?:<I>(?P<caller>.*))?')
NUMBER = re.compile(r'[0-9*#+]*$')
# pauses, flashes and the code of a host system are dialled, and no part of the number;
# dots and X hide digits
DIALLED = re.compile(r'(?P<number>[0-9*#+PF=]+)[.X]*(?:-[0-9*#]*)?')
# the condition codes that tell of more than a finished call: it rings, it was answered
# now, nobody answered
RINGS, ANSWERED_NOW, NOT_ANSWERED = 'RC', 'AN', 'NA'


def parse_line(text: str, day_first: bool = False) -> Record | None:
    """Return the record of one line, or None for one that is no call or not understood."""
    match = LINE.fullmatch(text.strip())
    if match is None or match['code'] == ANSWERED_NOW:
        return None
    number, is_incoming = read_dial(match['dial'].strip())
    if number is None:
        return None
    # a door phone, a tie line or a code of a person stands in the place of an extension:
    # none is known then
    extension = int(match['ext']) if match['ext'].isdigit() else 0
    call = {'number': number, 'line': int(match['line']), 'ext': extension}
    if is_incoming and match['code'] == RINGS:
        return Record(Record.INCOMING, **call)
    kind = Record.RECEIVED if is_incoming else Record.OUTGOING
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


def read_dial(text: str) -> tuple[str | None, bool]:
    """Return the number of its column, or None, and whether the call came in."""
    if text.startswith(('<I>', '<D>')):
        match = INCOMING.fullmatch(text)
        number = match and NUMBER.search(match['caller'] or '')
        return (number.group() if number else None, True)
    match = DIALLED.fullmatch(text)
    return (None if match is None else re.sub('[PF=]', '', match['number']), False)


def is_aside(text: str) -> bool:
    """Tell whether a line that is no outside call is meant to be none."""
    match = LINE.fullmatch(text.strip())
    return bool(
        HEADING.match(text)
        or INSIDE.match(text.strip())
        or (match and match['code'] == ANSWERED_NOW)
    )


def moment(match: re.Match[str], day_first: bool) -> str:
    """Return when the call ended, as ISO 8601 in the clock of the telephone system."""
    days = '%d/%m/%y' if day_first else '%m/%d/%y'
    clock = '%I:%M%p' if match['half'] else '%H:%M'
    date = re.sub('[.-]', '/', match['date'])
    written = f"{date} {match['time']}{match['half'] or ''}"
    return datetime.strptime(written, f'{days} {clock}').isoformat()


def seconds(clock: str) -> int:
    """Turn ``0'05`` or ``00:01'10`` into seconds."""
    total = 0
    for part in re.findall(r'\d+', clock):
        total = total * 60 + int(part)
    return total


class ExamplePlugin(SerialPlugin):
    """The call logger opens the port, and hands each line to decode and then to parse."""

    def __init__(
        self, port: str, rate: int, day_first: bool = False, **settings: Any
    ) -> None:
        self.day_first = day_first
        self.not_understood = 0
        super().__init__(port=port, rate=rate, **settings)

    def decode(self, data: bytes) -> str:
        # an exception here would end the call logger, so a damaged byte becomes a question mark
        return data.decode('ascii', errors='replace').strip('\0\r\n')

    def parse(self, data: str) -> Record | None:
        try:
            record = parse_line(data, self.day_first)
        except ValueError as error:  # the 31st of February
            self.complain(str(error), data)
            return None
        if record is None and not is_aside(data):
            self.complain('not understood', data)
        return record

    def complain(self, why: str, data: str) -> None:
        """Count and show a line without a record: a wrong one would be worse."""
        self.not_understood += 1
        self.logger.warning('%s (%d so far): %r', why, self.not_understood, data)

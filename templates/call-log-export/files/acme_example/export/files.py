# SPDX-License-Identifier: # @= license @#
"""CSV files, one a day, that only grow."""

import csv
import io
import logging
import os
from datetime import datetime, timezone
from pathlib import Path

logger = logging.getLogger(__name__)


class DailyFiles:
    def __init__(self, folder, columns):
        self._folder = Path(folder)
        self._columns = list(columns)

    def add(self, call):
        """Add a line for a call; log the call instead when the disk refuses."""
        path = self._folder / f'{day_of(call)}.csv'
        line = csv_line([cell(call.get(column)) for column in self._columns])
        try:
            self._append(path, line)
        except OSError as error:
            logger.error('%s cannot be written (%s), so here is the call: %s', path, error, line.strip())

    def _append(self, path, line):
        # one write of one line: readers never see half of one
        with open(path, 'ab', buffering=0) as file:
            if os.fstat(file.fileno()).st_size == 0:
                line = csv_line(self._columns) + line
            file.write(line.encode('utf-8'))


def day_of(call):
    """Name the day on which a call began, in UTC: files do not move with summer time."""
    try:
        start = datetime.fromisoformat(call['start'].replace('Z', '+00:00'))
    except (AttributeError, KeyError, ValueError):
        start = datetime.now(timezone.utc)
    return start.astimezone(timezone.utc).date().isoformat()


def cell(value):
    if value is None:
        return ''
    text = str(value)
    # a caller chooses the own name: spreadsheets would run one that looks like a formula
    return f"'{text}" if text[:1] in ('=', '+', '-', '@', '\t', '\r') and not is_number(text) else text


def is_number(text):
    return text[1:].isdigit()


def csv_line(cells):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator='\n').writerow(cells)
    return buffer.getvalue()

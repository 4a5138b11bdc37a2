# SPDX-License-Identifier: # @= license @#
"""CSV files, one a day for each tenant, that only grow."""

import csv
import io
import logging
import os
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

logger = logging.getLogger(__name__)

Call = dict[str, Any]


class DailyFiles:
    def __init__(self, folder: str | Path, columns: Iterable[str]) -> None:
        self._folder = Path(folder)
        self._columns = list(columns)

    def add(self, call: Call) -> None:
        """Add a line for a call; log the call instead when the disk refuses."""
        path = self._folder / tenant_of(call) / f'{day_of(call)}.csv'
        line = csv_line([cell(call.get(column)) for column in self._columns])
        try:
            path.parent.mkdir(mode=0o750, exist_ok=True)
            self._append(path, line)
        except OSError as error:
            logger.error('%s: %s; here is the call: %s', path, error, line.strip())

    def _append(self, path: Path, line: str) -> None:
        # one write of one line: readers never see half of one
        with open(path, 'ab', buffering=0) as file:
            if os.fstat(file.fileno()).st_size == 0:
                line = csv_line(self._columns) + line
            file.write(line.encode('utf-8'))


def tenant_of(call: Call) -> str:
    """Name the folder of a tenant: it must not see the calls of others."""
    try:
        return str(UUID(call['tenant_uuid']))
    except (AttributeError, KeyError, TypeError, ValueError):
        return 'of-no-tenant'


def day_of(call: Call) -> str:
    """Name the day on which a call began, in UTC: files do not move with summer time."""
    try:
        start = datetime.fromisoformat(call['start'].replace('Z', '+00:00'))
    except (AttributeError, KeyError, ValueError):
        start = datetime.now(timezone.utc)
    return start.astimezone(timezone.utc).date().isoformat()


def cell(value: Any) -> str:
    if value is None:
        return ''
    text = str(value)
    # a caller chooses the own name: spreadsheets would run what looks like a formula
    is_formula = text[:1] in set('=+-@\t\r') and not text[1:].isdigit()
    return f"'{text}" if is_formula else text


def csv_line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator='\n').writerow(cells)
    return buffer.getvalue()

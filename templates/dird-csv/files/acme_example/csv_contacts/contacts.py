# SPDX-License-Identifier: # @= license @#
"""A CSV file that is read again when it changes."""

import csv
import logging
import os

logger = logging.getLogger(__name__)

Row = dict[str, str]


class ContactFile:
    def __init__(self, path: str, separator: str = ',') -> None:
        self._path = path
        self._separator = separator
        self._stamp: tuple[int, ...] = ()
        self._rows: list[Row] = []

    def rows(self) -> list[Row]:
        """Return the contacts; the earlier ones while the file cannot be read."""
        try:
            stat = os.stat(self._path)
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if stamp != self._stamp:
                self._rows = self._read()
                self._stamp = stamp
        except (OSError, ValueError, csv.Error) as error:
            kept = len(self._rows)
            logger.error(
                'cannot read %s, so its earlier %s contacts are used: %s',
                self._path,
                kept,
                error,
            )
        return self._rows

    def _read(self) -> list[Row]:
        # utf-8-sig: spreadsheets begin a file with a byte order mark
        with open(self._path, encoding='utf-8-sig', newline='') as file:
            rows = csv.DictReader(
                file, delimiter=self._separator, restval='', restkey=''
            )
            return [{key: value for key, value in row.items() if key} for row in rows]

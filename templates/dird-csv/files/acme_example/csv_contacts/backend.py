# SPDX-License-Identifier: # @= license @#
"""A source of contacts in a CSV file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wazo_dird import BaseSourcePlugin, make_result_class

from .contacts import ContactFile, Row

if TYPE_CHECKING:
    from wazo_dird.plugins.base_plugins import SourcePluginDependencies
    from wazo_dird.plugins.source_result import _SourceResult as Result


class Backend(BaseSourcePlugin):
    """wazo-dird makes one for each source, and keeps it until the source is edited."""

    def load(self, dependencies: SourcePluginDependencies) -> None:
        # with what the schema of the view adds
        config: dict[str, Any] = {**dependencies['config']}
        self._unique_column = config.get('unique_column', 'id')
        self._searched = config.get('searched_columns') or ['name']
        self._matched = config.get('first_matched_columns') or ['phone']
        self._result = make_result_class(
            config['backend'],
            config['name'],
            self._unique_column,
            config.get('format_columns') or {},
        )
        self._file = ContactFile(config['file'], config.get('separator', ','))

    def search(self, term: str, args: Any = None) -> list[Result]:
        """Find the contacts with the term in one of the searched columns."""
        term = term.lower()
        found = []
        for row in self._file.rows():
            if any(term in row.get(column, '').lower() for column in self._searched):
                found.append(self._result(row))
        return found

    def first_match(self, exten: str, args: Any = None) -> Result | None:
        """Find who is calling: the first contact with this number."""
        return self.match_all([exten], args).get(exten)

    def match_all(self, extens: Iterable[str], args: Any = None) -> dict[str, Result]:
        """Find several callers in one pass: {number: contact} of those known."""
        wanted = {digits(exten): exten for exten in extens if digits(exten)}
        found: dict[str, Result] = {}
        for row in self._file.rows():
            for column in self._matched:
                exten = wanted.get(digits(row.get(column, '')))
                if exten is not None:
                    found.setdefault(exten, self._result(row))
        return found

    def list(self, uids: Iterable[str], args: Any = None) -> list[Result]:
        """Give the contacts of these ids: favourites."""
        wanted = set(uids)
        rows = (row for row in self._file.rows() if self._id(row) in wanted)
        return [self._result(row) for row in rows]

    def _id(self, row: Row) -> str | None:
        return row.get(self._unique_column)


def digits(number: str) -> str:
    """Return a number without what people write between its digits, or before them."""
    return re.sub(r'\D', '', number).removeprefix('00')

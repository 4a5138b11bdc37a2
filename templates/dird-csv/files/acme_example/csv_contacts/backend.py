# SPDX-License-Identifier: # @= license @#
"""A source of contacts in a CSV file."""

import re

from wazo_dird import BaseSourcePlugin, make_result_class

from .contacts import ContactFile


class AcmeExampleCsvBackend(BaseSourcePlugin):
    """wazo-dird makes one for each source, at its first lookup, and keeps it until the source is edited."""

    def load(self, dependencies):
        config = dependencies['config']
        self._unique_column = config.get('unique_column', 'id')
        self._searched = config.get('searched_columns') or ['name']
        self._matched = config.get('first_matched_columns') or ['phone']
        self._result = make_result_class(
            config['backend'], config['name'], self._unique_column, config.get('format_columns') or {}
        )
        self._file = ContactFile(config['file'], config.get('separator', ','))

    def search(self, term, args=None):
        """Find the contacts with the term in one of the searched columns."""
        term = term.lower()
        return self._results(
            row for row in self._file.rows() if any(term in row.get(column, '').lower() for column in self._searched)
        )

    def first_match(self, exten, args=None):
        """Find who is calling: the first contact with this number, however it is written."""
        return self.match_all([exten], args).get(exten)

    def match_all(self, extens, args=None):
        """Find several callers in one pass: {number: contact} of those that are known."""
        wanted = {digits(exten): exten for exten in extens if digits(exten)}
        found = {}
        for row in self._file.rows():
            for column in self._matched:
                exten = wanted.get(digits(row.get(column, '')))
                if exten is not None:
                    found.setdefault(exten, self._result(row))
        return found

    def list(self, uids, args=None):
        """Give the contacts of these ids: favourites."""
        wanted = set(uids)
        return self._results(row for row in self._file.rows() if row.get(self._unique_column) in wanted)

    def _results(self, rows):
        return [self._result(row) for row in rows]


def digits(number):
    return re.sub(r'[^0-9+]', '', number)

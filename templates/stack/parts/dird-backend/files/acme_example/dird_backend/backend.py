# SPDX-License-Identifier: # @= license @#
"""A source of contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wazo_dird import BaseSourcePlugin, make_result_class

if TYPE_CHECKING:
    from wazo_dird.plugins.base_plugins import SourcePluginDependencies
    from wazo_dird.plugins.source_result import _SourceResult as Result

CONTACTS = [
    {'id': '1', 'firstname': 'Ann', 'lastname': 'Archer', 'number': '5550100'},
    {'id': '2', 'firstname': 'Bob', 'lastname': 'Baker', 'number': '5550101'},
]


class Backend(BaseSourcePlugin):
    """wazo-dird makes one for each source, and keeps it until the source is edited."""

    def load(self, dependencies: SourcePluginDependencies) -> None:
        config = dependencies['config']
        self._searched = config.get('searched_columns') or ['firstname', 'lastname']
        self._matched = config.get('first_matched_columns') or ['number']
        self._result = make_result_class(
            config['backend'],
            config['name'],
            'id',
            config.get('format_columns') or {},
        )

    def search(self, term: str, args: Any = None) -> list[Result]:
        """Find the contacts with the term in one of the searched columns."""
        term = term.lower()
        return [
            self._result(contact)
            for contact in CONTACTS
            if any(term in contact.get(key, '').lower() for key in self._searched)
        ]

    def first_match(self, exten: str, args: Any = None) -> Result | None:
        """Find who is calling: the first contact with this number."""
        for contact in CONTACTS:
            # a source may name columns that its contacts lack
            if exten in [contact.get(key) for key in self._matched]:
                return self._result(contact)
        return None

    def list(self, uids: list[str], args: Any = None) -> list[Result]:
        """Give the contacts of these ids: favourites."""
        return [self._result(contact) for contact in CONTACTS if contact['id'] in uids]

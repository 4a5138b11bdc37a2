# SPDX-License-Identifier: # @= license @#
"""A source of contacts."""

from wazo_dird import BaseSourcePlugin, make_result_class

CONTACTS = [
    {'id': '1', 'firstname': 'Ann', 'lastname': 'Archer', 'number': '5550100'},
    {'id': '2', 'firstname': 'Bob', 'lastname': 'Baker', 'number': '5550101'},
]


class AcmeExampleBackend(BaseSourcePlugin):
    def load(self, dependencies):
        config = dependencies['config']
        self._result = make_result_class(config['backend'], config['name'], 'id', config.get('format_columns') or {})

    def search(self, term, args=None):
        """Find the contacts that have the term somewhere in their names."""
        term = term.lower()
        names = ((contact, f"{contact['firstname']} {contact['lastname']}") for contact in CONTACTS)
        return [self._result(contact) for contact, name in names if term in name.lower()]

    def first_match(self, exten, args=None):
        """Find who is calling."""
        return next((self._result(contact) for contact in CONTACTS if contact['number'] == exten), None)

    def list(self, uids, args=None):
        """Give the contacts of these ids: favourites."""
        return [self._result(contact) for contact in CONTACTS if contact['id'] in uids]

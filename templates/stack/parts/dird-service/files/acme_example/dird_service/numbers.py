# SPDX-License-Identifier: # @= license @#
"""Numbers, and the ways in which people and providers write them."""

import re


class Numbering:
    def __init__(self, country: str, national: str, international: str) -> None:
        self._country = country
        self._national = national
        self._international = international

    def normalize(self, number: str) -> str:
        """Return a number as it is from anywhere; one of an extension stays as it is."""
        digits = re.sub(r'[^\d+]', '', number)
        if digits.startswith(self._international):
            return f'+{digits.removeprefix(self._international)}'
        if digits.startswith(self._national):
            return f'+{self._country}{digits.removeprefix(self._national)}'
        return digits

    def ways(self, number: str) -> list[str]:
        """Return all ways to write a number, the shortest last."""
        normal = self.normalize(number)
        if not normal.startswith('+'):
            return [normal]
        found = [normal, self._international + normal[1:], normal[1:]]
        inland = f'+{self._country}'
        if normal.startswith(inland):
            found.append(self._national + normal.removeprefix(inland))
        return found

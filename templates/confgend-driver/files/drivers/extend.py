# SPDX-License-Identifier: # @= license @#
"""Adds to asterisk/example.conf as Wazo generates it."""

import re
from typing import Any

# @_ if (servedByDriver) { _@#
from stevedore.driver import DriverManager

# @_ } _@#
SECTION = re.compile(r'^\[([^]]+)]', re.MULTILINE)


class ExampleDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies: dict[str, Any]) -> None:
        self._settings = dependencies['config'].get('acme_example') or {}
        self._dependencies = dependencies
        # @_ if (servedByDriver) { _@#
        self._stock: Any = None
        # @_ } _@#

    def generate(self) -> str:
        """Return the whole file. When this raises, the last good copy is served."""
        stock = self._stock_text()
        if not stock:
            raise ValueError('Wazo generates nothing to add to')
        there = set(SECTION.findall(stock))
        lines = [
            stock.rstrip('\n'),
            '',
            '; Added by the driver example_driver.',
        ]
        for section, options in (self._settings.get('sections') or {}).items():
            # (+) continues a section; without one, Asterisk would read no further
            lines += ['', f'[{section}](+)' if section in there else f'[{section}]']
            for key, value in (options or {}).items():
                lines += written(key, value)
        return '\n'.join(lines) + '\n'

    # @_ if (servedByDriver) { _@#
    def _stock_text(self) -> str:
        """Return what Wazo's own driver generates."""
        # not in the constructor: that is called outside of the database session
        if self._stock is None:
            manager = DriverManager(
                'wazo_confgend.asterisk.example.conf',
                'wazo',
                invoke_on_load=True,
                invoke_args=(self._dependencies,),
            )
            self._stock = manager.driver
        return str(self._stock.generate() or '')
    # @_ } else { _@#
    def _stock_text(self) -> str:
        """Return what Wazo generates, for which it has a method instead of a driver."""
        from wazo_confgend.acmeresource import AcmeFrontend

        wazo = AcmeFrontend(
            self._dependencies['config'],
            self._dependencies['tpl_helper'],
        )
        return str(wazo.acme_frontend_method() or '')
    # @_ } _@#


def written(key: str, value: object) -> list[str]:
    """Write a setting as Asterisk reads it: a line for each of its values."""
    values = value if isinstance(value, list) else [value]
    return [f'{key} = {on_one_line(one)}' for one in values]


def on_one_line(value: object) -> str:
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    text = '' if value is None else str(value)
    # an unescaped semicolon begins a comment
    return text.replace('\n', ' ').replace(';', '\\;')

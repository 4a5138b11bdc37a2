# SPDX-License-Identifier: # @= license @#
"""Adds to asterisk/example.conf as Wazo generates it."""

from stevedore.driver import DriverManager


class ExampleDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies):
        # wazo-confgend passes {'config': ..., 'tpl_helper': ...}; its guide tells of the bare configuration
        config = dependencies.get('config', dependencies)
        self._settings = config.get('acme_example') or {}
        self._dependencies = dependencies
        self._stock = None

    def generate(self):
        """Return the whole file as text. Never empty: wazo-confgend would serve its last copy instead."""
        lines = [self._stock_driver().generate().rstrip('\n'), '', '; Added by the driver example_driver.']
        for section, options in (self._settings.get('sections') or {}).items():
            lines += ['', f'[{section}](+)']
            lines += [f'{key} = {_value(option)}' for key, option in (options or {}).items()]
        return '\n'.join(lines) + '\n'

    def _stock_driver(self):
        # not in the constructor: that is called outside of the database session
        if self._stock is None:
            manager = DriverManager(
                'wazo_confgend.asterisk.example.conf',
                'wazo',
                invoke_on_load=True,
                invoke_args=[self._dependencies],
            )
            self._stock = manager.driver
        return self._stock


def _value(option):
    """Write one setting as Asterisk reads it: on one line, where an unescaped semicolon begins a comment."""
    if isinstance(option, bool):
        return 'yes' if option else 'no'
    return str(option).replace('\n', ' ').replace(';', '\\;')

# SPDX-License-Identifier: # @= license @#
"""Generates asterisk/example.conf by a template."""

from typing import Any


# @_ if (isStock) { _@#
# wdev: ignore confgend-replaces-stock  it is meant to write all of asterisk/example.conf
# @_ } _@#
class ExampleDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies: dict[str, Any]) -> None:
        self._settings = dependencies['config'].get('acme_example') or {}
        self._templates = dependencies['tpl_helper']

    def generate(self) -> str:
        """Return the whole file. Never empty: that would serve the last copy instead."""
        template = self._templates.get_template('acme-example/main')
        return str(template.dump(dict(self._settings)))

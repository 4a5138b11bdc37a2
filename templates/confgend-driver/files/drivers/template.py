# SPDX-License-Identifier: # @= license @#
"""Generates asterisk/example.conf by a template."""


class ExampleDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies):
        self._settings = dependencies['config'].get('acme_example') or {}
        self._templates = dependencies['tpl_helper']

    def generate(self):
        """Return the whole file as text. Never empty: wazo-confgend would serve its last copy instead."""
        template = self._templates.get_template('acme-example/main')
        return template.dump({'sections': self._settings.get('sections') or {}})

# SPDX-License-Identifier: # @= license @#
"""Sets options of endpoints in asterisk/pjsip.conf as Wazo generates it."""

import re
from fnmatch import fnmatchcase

from stevedore.driver import DriverManager

HEADER = re.compile(r'\s*\[([^\]]+)\]\s*(?:\(([^)]*)\))?')
OPTION = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=>?\s*([^;]*)')
# of these an endpoint may have several, so ours stand beside Wazo's
REPEATED = {'set_var', 'auth', 'outbound_auth', 'aors'}


class EndpointOptionsDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies):
        # wazo-confgend passes {'config': ..., 'tpl_helper': ...}; its guide tells of the bare configuration
        config = dependencies.get('config', dependencies)
        settings = config.get('acme_example') or {}
        self._wanted = settings.get('endpoints') or {}
        self._dependencies = dependencies
        self._stock = None

    def generate(self):
        """Return the whole file as text. Never empty: wazo-confgend would serve its last copy instead."""
        lines = []
        for name, section in sections(self._stock_driver().generate()):
            options = self._options_of(name) if is_endpoint(name, section) else {}
            lines += changed(section, options) if options else section
        return '\n'.join(lines) + '\n'

    def _options_of(self, name):
        options = {}
        for pattern, wanted in self._wanted.items():
            if fnmatchcase(name, str(pattern)):
                options.update(wanted or {})
        return options

    def _stock_driver(self):
        # not in the constructor: that is called outside of the database session
        if self._stock is None:
            manager = DriverManager(
                'wazo_confgend.asterisk.pjsip.conf', 'wazo', invoke_on_load=True, invoke_args=[self._dependencies]
            )
            self._stock = manager.driver
        return self._stock


def sections(text):
    """Yield (name, lines) of every section, its header first; what stands before the first has no name."""
    name, lines = None, []
    for line in text.splitlines():
        header = HEADER.match(line)
        if header:
            yield name, lines
            # a template for other sections is no endpoint of its own
            name, lines = (None if '!' in (header[2] or '') else header[1]), []
        lines.append(line)
    yield name, lines


def is_endpoint(name, section):
    return name is not None and any(option(line) == ('type', 'endpoint') for line in section)


def changed(section, wanted):
    """Return a section with the wanted options in place of those that it had."""
    replaced = set(wanted) - REPEATED
    kept = [line for line in section if HEADER.match(line) or (option(line) or ('', ''))[0] not in replaced]
    end = len(kept)
    while end > 0 and not kept[end - 1].strip():
        end -= 1
    added = [f'{key} = {one}' for key, value in wanted.items() for one in values(value)]
    return kept[:end] + added + kept[end:]


def option(line):
    match = OPTION.match(line)
    return (match[1], match[2].strip()) if match else None


def values(value):
    return [written(one) for one in (value if isinstance(value, list) else [value])]


def written(value):
    """Write one setting as Asterisk reads it: on one line, where an unescaped semicolon begins a comment."""
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    return str(value).replace('\n', ' ').replace(';', '\\;')

# SPDX-License-Identifier: # @= license @#
"""Sets options of endpoints in asterisk/pjsip.conf as Wazo generates it."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from stevedore.driver import DriverManager

HEADER = re.compile(r'\s*\[([^\]]+)\]\s*(?:\(([^)]*)\))?')
OPTION = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=>?\s*([^;]*)')
# an endpoint may have several of these, so ours are added to Wazo's
REPEATED = {'set_var', 'auth', 'outbound_auth', 'aors'}


class EndpointOptionsDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example') or {}
        self._wanted = settings.get('endpoints') or {}
        self._dependencies = dependencies
        self._stock: Any = None

    def generate(self) -> str:
        """Return the whole file. Never empty: that would serve the last copy instead."""
        lines: list[str] = []
        for name, section in sections(self._stock_driver().generate()):
            if name is not None and is_endpoint(section):
                section = changed(section, self._options_of(name))
            lines += section
        return '\n'.join(lines) + '\n'

    def _options_of(self, name: str) -> Mapping[str, Any]:
        options: dict[str, Any] = {}
        for pattern, wanted in self._wanted.items():
            if fnmatchcase(name, str(pattern)):
                options.update(wanted or {})
        return options

    def _stock_driver(self) -> Any:
        # not in the constructor: that is called outside of the database session
        if self._stock is None:
            manager = DriverManager(
                'wazo_confgend.asterisk.pjsip.conf',
                'wazo',
                invoke_on_load=True,
                invoke_args=[self._dependencies],
            )
            self._stock = manager.driver
        return self._stock


def sections(text: str) -> Iterator[tuple[str | None, list[str]]]:
    """Yield (name, lines) of every section, its header first.

    What stands before the first one has no name.
    """
    name: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        header = HEADER.match(line)
        if header:
            yield name, lines
            # a template for other sections is no endpoint of its own
            name, lines = (None if '!' in (header[2] or '') else header[1]), []
        lines.append(line)
    yield name, lines


def is_endpoint(section: list[str]) -> bool:
    return any(option(line) == ('type', 'endpoint') for line in section)


def changed(section: list[str], wanted: Mapping[str, Any]) -> list[str]:
    """Return a section with the wanted options in place of those that it had."""
    replaced = set(wanted) - REPEATED
    kept = [
        line
        for line in section
        if HEADER.match(line) or (option(line) or ('', ''))[0] not in replaced
    ]
    end = len(kept)
    while end > 0 and not kept[end - 1].strip():
        end -= 1
    added = [f'{key} = {one}' for key, value in wanted.items() for one in values(value)]
    return kept[:end] + added + kept[end:]


def option(line: str) -> tuple[str, str] | None:
    match = OPTION.match(line)
    return (match[1], match[2].strip()) if match else None


def values(value: Any) -> list[str]:
    return [written(one) for one in (value if isinstance(value, list) else [value])]


def written(value: Any) -> str:
    """Write a setting on one line, as Asterisk reads it: `;` begins a comment there."""
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    return str(value).replace('\n', ' ').replace(';', '\\;')

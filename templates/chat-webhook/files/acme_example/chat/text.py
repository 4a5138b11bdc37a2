# SPDX-License-Identifier: # @= license @#
"""The text about an event."""

import re
from typing import Any

LONGEST = 2000


def line_of(event: dict[str, Any], pattern: str | None = None) -> str:
    """Fill the pattern with the event's fields; without one, name event and plain fields."""
    fields = event.get('data') or {}
    if pattern:
        line = re.sub(
            r'\{([A-Za-z0-9_.]+)\}',
            lambda match: say(field(event, fields, match[1])),
            pattern,
        )
    else:
        plain = [
            f'{key}: {say(value)}'
            for key, value in sorted(fields.items())
            if is_plain(value)
        ]
        line = event['name'] + (f" ({', '.join(plain)})" if plain else '')
    return line[:LONGEST]


def field(event: dict[str, Any], fields: dict[str, Any], name: str) -> Any:
    """Find `caller.number`, or `name` of the event itself."""
    if name == 'name':
        return event['name']
    value: Any = fields
    for key in name.split('.'):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def say(value: Any) -> str:
    # who calls decides about names: without angle brackets and @ no room takes them for
    # links and mentions
    text = '' if value is None or not is_plain(value) else str(value)
    return re.sub(r'[<>@\x00-\x1f]', ' ', text)


def is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool)) and value != ''

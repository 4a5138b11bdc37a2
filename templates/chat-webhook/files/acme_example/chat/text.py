# SPDX-License-Identifier: # @= license @#
"""What is said about an event."""

import re

LONGEST = 2000


def line_of(event, pattern=None):
    """Fill the pattern with the event's fields; without one, name the event and its plain fields."""
    fields = event.get('data') or {}
    if pattern:
        line = re.sub(r'\{([A-Za-z0-9_.]+)\}', lambda match: say(field(event, fields, match[1])), pattern)
    else:
        plain = [f'{key}: {say(value)}' for key, value in sorted(fields.items()) if is_plain(value)]
        line = event['name'] + (f" ({', '.join(plain)})" if plain else '')
    return line[:LONGEST]


def field(event, fields, name):
    """Find `caller.number`, or `name` of the event itself."""
    if name == 'name':
        return event['name']
    value = fields
    for key in name.split('.'):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def say(value):
    # who calls decides about names: without angle brackets and @ no room takes them for links and mentions
    text = '' if value is None or not is_plain(value) else str(value)
    return re.sub(r'[<>@\x00-\x1f]', ' ', text)


def is_plain(value):
    return isinstance(value, (str, int, float, bool)) and value != ''

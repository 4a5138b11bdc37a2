"""Values of YAML as python-value.ts hands them over in JSON, with the types that PyYAML gives them."""

import ast
import datetime

MARK = '$python'

TYPES = {
    'map': lambda pairs: {key: value for key, value in pairs},
    'tuple': tuple,
    'set': set,
    'int': int,
    'float': float,
    'date': datetime.date.fromisoformat,
    'datetime': datetime.datetime.fromisoformat,
    'bytes': ast.literal_eval,
}


def decode(value):
    """The hook of `json.loads(text, object_hook=decode)`."""
    if len(value) == 1 and MARK in value:
        kind, inner = value[MARK]
        return TYPES[kind](inner)
    return value

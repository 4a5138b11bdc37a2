"""Annotated class attributes are settings, which the environment can override: PLUGIN_<NAME>."""

import os


def apply_settings(plugin):
    """Set what the environment has for the annotated attributes of a plugin's classes, in their types."""
    for cls in reversed(type(plugin).__mro__):
        for name, kind in vars(cls).get('__annotations__', {}).items():
            value = os.environ.get(f'PLUGIN_{name.upper()}')
            if value is not None and not name.startswith('_'):
                setattr(plugin, name, convert(value, kind))


def convert(value, kind):
    if kind in (bool, 'bool'):
        return value.lower() in ('1', 'true', 'yes', 'on')
    for known in (int, float):
        if kind in (known, known.__name__):
            return known(value)
    return value

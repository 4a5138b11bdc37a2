"""Settings: data/defaults.yml, over which the user's call-logger.yml wins, mapping by mapping."""

import os
from pathlib import Path

DEFAULTS = Path(__file__).resolve().parent / 'data' / 'defaults.yml'


def user_file():
    folder = os.environ.get('XDG_CONFIG_DIRS', '').split(':')[0] or '/etc/xdg'
    return Path(folder) / 'quartx' / 'call-logger.yml'


def load_settings():
    """Return the settings; KeyError when the user's file has no settings.token."""
    import yaml

    settings = yaml.safe_load(DEFAULTS.read_text(encoding='utf-8')) or {}
    own = user_file()
    if own.is_file():
        merge(settings, yaml.safe_load(own.read_text(encoding='utf-8')) or {})
        settings['settings']['token']
    return settings


def merge(settings, wins):
    for key, value in wins.items():
        if isinstance(value, dict) and isinstance(settings.get(key), dict):
            merge(settings[key], value)
        else:
            settings[key] = value

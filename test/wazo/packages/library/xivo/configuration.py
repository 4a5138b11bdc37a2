"""How a service reads its settings: conf.d beats config.yml beats what is built in; the first file by name wins."""

import glob
import sys
from collections import UserDict

import yaml


class Settings(UserDict):
    """No dict, as in the services."""


def merge(first, second, join_lists=False):
    """The first wins; mappings are merged, and lists are joined where the service does so."""
    if first is not None and second is not None and hasattr(second, 'items'):
        # a list or a text where a mapping belongs ends the service
        merged = {**second, **dict(first.items())}
        for key in first.keys() & second.keys():
            if hasattr(second[key], 'items') and first[key] is not None or isinstance(second[key], list):
                merged[key] = merge(first[key], second[key], join_lists)
        return merged
    if join_lists and isinstance(first, list) and isinstance(second, list):
        return first + second
    return first


def read(unit, defaults, join_lists=False):
    merged = {}
    files = sorted(glob.glob(f'/etc/{unit}/conf.d/*.yml')) + glob.glob(f'/etc/{unit}/config.yml')
    for file in files:
        try:
            with open(file, encoding='utf-8') as stream:
                found = yaml.safe_load(stream)
        except (OSError, yaml.YAMLError) as error:
            # to stderr alone: the log file is opened later
            print(f'Could not read config file "{file}": {error}', file=sys.stderr, flush=True)
            continue
        if found is not None:
            merged = merge(merged, found, join_lists) if hasattr(found, 'items') else found.items()
    return Settings(merge(merged, defaults, join_lists))

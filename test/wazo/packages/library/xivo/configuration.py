"""How a service reads its settings: conf.d beats config.yml beats what is built in; the first file by name wins."""

import glob
import os
import sys
from collections import UserDict

import yaml


class Settings(UserDict):
    """No dict, as in the services."""


def merge(first, second, join_lists=False):
    """The first wins; mappings are merged, and lists are joined where the service does so."""
    if isinstance(first, dict) and isinstance(second, dict):
        both = {key: merge(first[key], second[key], join_lists) for key in first.keys() & second.keys()}
        return {**second, **first, **both}
    if join_lists and isinstance(first, list) and isinstance(second, list):
        return first + second
    return first


def _load(file):
    try:
        with open(file, encoding='utf-8') as stream:
            return yaml.safe_load(stream) or {}
    except OSError as error:
        print(f'Could not read config file {file}: {error}', file=sys.stderr, flush=True)
        return {}


def _load_folder(unit):
    for file in sorted(glob.glob(f'/etc/{unit}/conf.d/*.yml')):
        try:
            yield _load(file)
        except (ValueError, yaml.YAMLError) as error:
            # to stderr alone, for the log file is opened later; its name alone, for the parser says where
            print(f'Could not read config file {os.path.basename(file)}: {error}', file=sys.stderr, flush=True)


def read(unit, defaults, join_lists=False):
    """A file of conf.d that is no YAML is left out; config.yml that is none ends the service."""
    main = _load(f'/etc/{unit}/config.yml')
    merged = {}
    for found in [*_load_folder(unit), main, defaults]:
        # a list or a text where the settings belong ends the service
        merged = merge(merged, dict(found.items()), join_lists)
    return Settings(merged)

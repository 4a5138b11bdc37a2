"""Settings by Wazo's rules: the first file that sets a value wins, mappings are merged, lists are taken whole."""

import subprocess
from collections import UserDict


class Config(UserDict):
    """What drivers get: has get() and [], but is no dict, like the configuration of the real service."""


class ExecRefused(Exception):
    pass


def load(layers, allow_exec):
    """Return the merged settings, and what was wrong with the files as [{file, kind, message, line}]."""
    merged, problems = {}, []
    for layer in layers:
        try:
            value = parse(layer, allow_exec)
        except ExecRefused:
            problems.append(problem(layer, 'exec', 'A value comes from a program (!exec)', None))
            continue
        except Exception as error:  # noqa: BLE001  (PyYAML is not always there to name its error)
            mark = getattr(error, 'problem_mark', None)
            said = getattr(error, 'problem', None) or str(error)
            problems.append(problem(layer, 'invalid', said, None if mark is None else mark.line + 1))
            continue
        if not isinstance(value, dict):
            problems.append(problem(layer, 'no-mapping', type(value).__name__, None))
            continue
        merge_below(merged, value)
    return Config(merged), problems


def problem(layer, kind, message, line):
    return {'file': layer['file'], 'kind': kind, 'message': message, 'line': line}


def merge_below(config, layer):
    for key, value in layer.items():
        if key not in config:
            config[key] = copy(value)
        elif isinstance(config[key], dict) and isinstance(value, dict):
            merge_below(config[key], value)


def copy(value):
    return {key: copy(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def parse(layer, allow_exec):
    """Read a file with PyYAML; where there is none, take what the caller made of it."""
    try:
        import yaml
    except ImportError:
        if '!exec' in layer['text']:
            raise ExecRefused from None
        if layer.get('error'):
            raise ValueError(layer['error']) from None
        return {} if layer['value'] is None else layer['value']

    class Loader(yaml.SafeLoader):
        pass

    def run_program(loader, node):
        if not allow_exec:
            raise ExecRefused
        command = loader.construct_mapping(node)['command']
        return yaml.safe_load(subprocess.check_output(command.split(' ')))

    Loader.add_constructor('!exec', run_program)
    value = yaml.load(layer['text'], Loader)
    return {} if value is None else value


def enabled(config, resource, filename):
    """The driver's name that `plugins` has for a file; None when there is none."""
    plugins = config.get('plugins')
    if not isinstance(plugins, dict):
        return None
    name = plugins.get(f'{resource}.{filename}')
    return None if name is None else str(name)

"""Runs a driver on a machine that has Wazo's database, and tells what each DAO function answered.

Argument: the JSON text of a request, as wdev_driver.py takes it. Lies in a folder with wdev_confd.py,
wdev_declared.py and wdev_templates.py, and with the plugin's files below `root`. Prints one JSON line.
"""

import datetime
import decimal
import functools
import glob
import importlib
import importlib.abc
import importlib.util
import json
import os
import re
import sys
import threading
import traceback
import types
import uuid

import wdev_confd as confd
import wdev_declared as declared
import wdev_templates as templates

SECRET = re.compile(r'pass(?:word|wd|phrase)?$|secret|token|private_?key', re.IGNORECASE)
HIDDEN = '***'


class Recorder(importlib.abc.MetaPathFinder):
    """Wraps the public functions of each module of xivo_dao as it is imported."""

    def __init__(self):
        self.calls = {}
        self.simplified = set()
        self._inside = threading.local()

    def find_spec(self, name, path=None, target=None):
        if not name.startswith('xivo_dao.') or '.helpers' in name or '.alchemy' in name:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (execute(module), self.wrap(module))
        return spec

    def wrap(self, module):
        for name, value in list(vars(module).items()):
            own = isinstance(value, types.FunctionType) and value.__module__.startswith('xivo_dao.')
            if own and not name.startswith('_'):
                setattr(module, name, self.recording(f'{module.__name__}.{name}', value))

    def recording(self, name, function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if getattr(self._inside, 'call', False):
                return function(*args, **kwargs)
            self._inside.call = True
            try:
                answer = function(*args, **kwargs)
                if isinstance(answer, types.GeneratorType):
                    answer = list(answer)
                key = name.removeprefix('xivo_dao.') + declared.call_text(args, kwargs)
                self.calls[key] = self.plain(answer, name)
                return answer
            finally:
                self._inside.call = False

        return wrapper

    def plain(self, value, name, column=''):
        """A value as a fixture holds it; what has columns becomes a row, and secrets are not kept."""
        if value is None or isinstance(value, (bool, int, float, str)):
            return HIDDEN if SECRET.search(column) and value not in (None, '') else value
        if isinstance(value, (uuid.UUID, decimal.Decimal, datetime.date, datetime.datetime)):
            return str(value)
        row = columns(value)
        if row is not None:
            return {key: self.plain(entry, name, str(key)) for key, entry in row.items()}
        if is_pair(value) and SECRET.search(value[0]):
            return [value[0], HIDDEN]
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.plain(entry, name, column) for entry in value]
        self.simplified.add(f'{name} answers with {type(value).__name__}')
        return str(value)


def is_pair(value):
    return isinstance(value, (list, tuple)) and len(value) == 2 and isinstance(value[0], str)


def columns(value):
    """The columns of a row, of whatever kind; None when it is no row."""
    if isinstance(value, dict):
        return value
    for name in ('_mapping', '_asdict'):
        found = getattr(value, name, None)
        if found is not None:
            return dict(found() if callable(found) else found)
    table = getattr(type(value), '__table__', None)
    if table is not None:
        return {key: getattr(value, key) for key in table.columns.keys() if hasattr(value, key)}
    if hasattr(value, '__dict__') and not isinstance(value, type):
        return {key: entry for key, entry in vars(value).items() if not key.startswith('_')}
    return None


def server_layers():
    """The settings of this machine's wazo-confgend; those of the plugin come before them."""
    names = sorted(glob.glob('/etc/wazo-confgend/conf.d/*.yml')) + ['/etc/wazo-confgend/config.yml']
    layers = []
    for name in names:
        if os.path.isfile(name):
            with open(name, encoding='utf-8') as stream:
                layers.append({'file': name, 'text': stream.read(), 'value': None})
    return layers


def generate(request):
    import xivo_dao
    from xivo_dao.helpers.db_utils import session_scope

    module, _, name = request['value'].partition(':')
    config, _ = confd.load([*request['layers'], *server_layers()], request['allowExec'])
    xivo_dao.init_db_from_config(config)
    factory = importlib.import_module(module.strip())
    for part in name.split('[')[0].strip().split('.'):
        factory = getattr(factory, part)
    driver = factory({'config': config, 'tpl_helper': templates.TemplateHelper(request['root'])})
    with session_scope(read_only=True):
        return driver.generate()


def main():
    request = json.loads(sys.argv[1])
    sys.path[:0] = request['path']
    recorder = Recorder()
    reply = {'text': None, 'error': None}
    sys.meta_path.insert(0, recorder)
    answers = os.fdopen(os.dup(1), 'w', encoding='ascii')
    # what the driver prints must not come between
    os.dup2(2, 1)
    try:
        text = generate(request)
        reply['text'] = text if isinstance(text, str) else None
    except Exception as error:  # noqa: BLE001  (what was recorded until then is worth having)
        traceback.print_exc()
        missing = isinstance(error, ModuleNotFoundError) and (error.name or '').split('.')[0] == 'xivo_dao'
        reply['error'] = {'type': type(error).__name__, 'message': str(error), 'noDatabase': missing}
    reply.update(calls=recorder.calls, simplified=sorted(recorder.simplified))
    json.dump(reply, answers)
    answers.close()


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    main()

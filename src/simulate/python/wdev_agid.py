"""Runs one handler of a wazo-agid module as a plain AGI program. Arguments: the module's file, the handler's name.

Stands in for wazo_agid: `agid.register`, and the `agi` object that handlers talk through.
"""

import importlib
import importlib.util
import os
import sys
import traceback
import types

handlers = {}


class AgiError(Exception):
    """Asterisk did not take a command."""


class DialplanBreak(Exception):
    """The handler gives the call up (agi.dp_break)."""


def quote(value):
    text = str(value).replace('\\', '\\\\').replace('"', '\\"').replace('\n', ' ')
    return f'"{text}"'


class Agi:
    def __init__(self, environment, config):
        self.env = environment
        self.config = config
        self.args = [environment[name] for name in sorted_arguments(environment)]

    def execute(self, command, *words):
        print(' '.join([command, *(str(word) for word in words)]), flush=True)
        line = sys.stdin.readline().strip()
        while line == 'HANGUP':
            line = sys.stdin.readline().strip()
        if not line:
            raise AgiError('the channel is gone')
        code, _, rest = line.partition(' ')
        if code != '200':
            raise AgiError(f'{command}: {line}')
        result, _, data = rest.removeprefix('result=').partition(' ')
        return result, data[1:-1] if data.startswith('(') else data

    def get_variable(self, name):
        result, data = self.execute('GET VARIABLE', quote(name))
        return data if result == '1' else ''

    def set_variable(self, name, value):
        self.execute('SET VARIABLE', quote(name), quote(value))

    def verbose(self, message, level=1):
        self.execute('VERBOSE', quote(message), level)

    def appexec(self, application, options=''):
        return self.execute('EXEC', application, quote(options))[0]

    def answer(self):
        self.execute('ANSWER')

    def hangup(self, channel=''):
        self.execute('HANGUP', channel) if channel else self.execute('HANGUP')

    def stream_file(self, filename, escape_digits='', sample_offset=0):
        result, _ = self.execute('STREAM FILE', filename, quote(escape_digits), sample_offset)
        return '' if result in ('0', '-1') else chr(int(result))

    def wait_for_digit(self, timeout=-1):
        result, _ = self.execute('WAIT FOR DIGIT', timeout)
        return '' if result in ('0', '-1') else chr(int(result))

    def get_data(self, filename, timeout=2000, max_digits=255):
        return self.execute('GET DATA', filename, timeout, max_digits)[0]

    def say_digits(self, digits, escape_digits=''):
        self.execute('SAY DIGITS', digits, quote(escape_digits))

    def say_number(self, number, escape_digits=''):
        self.execute('SAY NUMBER', number, quote(escape_digits))

    def set_context(self, context):
        self.execute('SET CONTEXT', context)

    def set_extension(self, extension):
        self.execute('SET EXTENSION', extension)

    def set_priority(self, priority):
        self.execute('SET PRIORITY', priority)

    def database_get(self, family, key):
        result, data = self.execute('DATABASE GET', quote(family), quote(key))
        return data if result == '1' else ''

    def database_put(self, family, key, value):
        self.execute('DATABASE PUT', quote(family), quote(key), quote(value))

    def database_del(self, family, key):
        self.execute('DATABASE DEL', quote(family), quote(key))

    def dp_break(self, message, show_tb=False):
        self.verbose(message)
        raise DialplanBreak(message)


def sorted_arguments(environment):
    names = [name for name in environment if name.startswith('agi_arg_')]
    return sorted(names, key=lambda name: int(name.rpartition('_')[2]))


class Nothing:
    """Stands for the database cursor and for clients of other services."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        raise LookupError(f'{self._name}.{name}: a dialogue has no {self._name}')


class Clients(dict):
    def __missing__(self, name):
        return {'client': Nothing(f'client of {name}')}


def register(function, setup=None):
    name = function.__name__
    if name in handlers:
        raise ValueError(f'handler {name} is registered twice')
    handlers[name] = function, setup


def read_environment():
    environment = {}
    for line in sys.stdin:
        name, colon, value = line.strip().partition(':')
        if not colon:
            break
        environment[name] = value.strip()
    return environment


def load(file):
    """Import a module by its file: under its full name where it is in a package, so that it finds its siblings."""
    file = os.path.abspath(file)
    folder, names = os.path.dirname(file), []
    while os.path.isfile(os.path.join(folder, '__init__.py')):
        folder, name = os.path.split(folder)
        names.insert(0, name)
    sys.path.insert(0, folder)
    if names:
        importlib.import_module('.'.join([*names, os.path.splitext(os.path.basename(file))[0]]))
        return
    spec = importlib.util.spec_from_file_location('wdev_agi_handler', file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def main():
    file, name = sys.argv[1:]
    package, agid = types.ModuleType('wazo_agid'), types.ModuleType('wazo_agid.agid')
    package.agid, agid.register, package.__path__ = agid, register, []
    sys.modules.update({'wazo_agid': package, 'wazo_agid.agid': agid})
    environment = read_environment()
    agi = Agi(environment, Clients())
    try:
        load(file)
        if name not in handlers:
            raise LookupError(f'{name} is not registered; there are {", ".join(handlers) or "none"}')
        function, setup = handlers[name]
        cursor = Nothing('database')
        if setup is not None:
            setup(cursor)
        function(agi, cursor, agi.args)
    except Exception as error:
        if not isinstance(error, DialplanBreak):
            traceback.print_exc()
        fail(agi)
        return 1
    return 0


def fail(agi):
    """As wazo-agid does: the channel goes on in agi_fail, which hangs up."""
    try:
        agi.set_context('agi_fail')
        agi.set_extension('s')
        agi.set_priority('1')
    except (AgiError, OSError):
        pass


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    sys.exit(main())

"""Stand-ins of xivo_dao and wazo_confgend for drivers, made of declared values."""

import ast
import contextlib
import glob
import importlib.machinery
import importlib.util
import json
import os
import sys
import types

import wdev_stock_drivers as stock_drivers

WRITES = {'add', 'add_all', 'bulk_insert_mappings', 'bulk_save_objects', 'commit', 'delete', 'flush', 'merge'}


class NotDeclaredError(Exception):
    """The driver asked for something that a server has, and that nobody declared."""

    def __init__(self, kind, name, call=None, others=()):
        part = 'stock' if kind == 'stock' else 'dao'
        text = f'wdev.yml declares nothing for {call or name} (preview.{part})'
        if others:
            text += f'; it does for {", ".join(others)}'
        super().__init__(text)
        self.wdev_missing = f'{kind} {name}'
        self.wdev_call = call


class ReadOnly(Exception):
    """generate() runs in a read-only session."""


def install(declared, stands_for):
    """Stand in for the packages named in `stands_for`; `declared` has dao(), stock() and touch(name)."""
    if 'xivo_dao' in stands_for:
        database = Database(declared)
        sys.meta_path.insert(0, Finder('xivo_dao', lambda name: DaoModule(name, database)))
    if 'wazo_confgend' in stands_for:
        sys.meta_path.append(Finder('wazo_confgend', lambda name: StockModule(name, declared)))
        stock_drivers.install(lambda file: stock_class('Stock', file, declared))


def absent(names):
    return [name for name in names if importlib.util.find_spec(name) is None]


class DeclaredFiles:
    """What plugins declared on this machine: a JSON file each, read anew at each question."""

    def __init__(self, folder):
        self._folder = folder

    def _part(self, name):
        merged = {}
        for file in sorted(glob.glob(os.path.join(self._folder, '*.json'))):
            with open(file, encoding='utf-8') as stream:
                merged.update(json.load(stream)[name])
        return merged

    def dao(self):
        return self._part('dao')

    def stock(self):
        return self._part('stock')

    def touch(self, name):
        pass


class Finder:
    """Finds every module of one package, whatever its name."""

    def __init__(self, package, make):
        self._package = package
        self._make = make

    def find_spec(self, name, path=None, target=None):
        if name != self._package and not name.startswith(f'{self._package}.'):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return self._make(spec.name)

    def exec_module(self, module):
        pass


class Database:
    def __init__(self, declared):
        self._declared = declared

    def call(self, name, args, kwargs):
        """The declared answer of a DAO function, by its full name or by the end of it.

        What is declared for these very arguments, as in `queue_dao.find("sales", limit=3)`, comes before what
        is declared for the name alone.
        """
        self._declared.touch(name)
        values = self._declared.dao()
        given = call_text(args, kwargs)
        found = [(len(path), words, key) for key in values for path, words in [split_key(key)] if names(path, name)]
        exact = [entry for entry in found if entry[1] == given]
        general = [entry for entry in found if entry[1] is None]
        if not exact and not general:
            others = [words for _, words, _ in found]
            raise NotDeclaredError('dao', name, f'{name}{given}', others)
        return rows(values[max(exact or general, key=lambda entry: entry[0])[2]])

    def query(self, what):
        self._declared.touch(what)
        raise NotDeclaredError('query', what, what)


def names(path, name):
    return name == path or name.endswith(f'.{path}')


def call_text(args, kwargs):
    """Arguments of a call as keys write them: `("sales", limit=3)`, keywords in the order of the alphabet."""
    words = [literal(value) for value in args]
    words += [f'{name}={literal(kwargs[name])}' for name in sorted(kwargs)]
    return f'({", ".join(words)})'


def literal(value):
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f'[{", ".join(literal(entry) for entry in value)}]'
    if isinstance(value, (set, frozenset)):
        return f'[{", ".join(sorted(literal(entry) for entry in value))}]'
    if isinstance(value, dict):
        pairs = sorted((str(key), literal(entry)) for key, entry in value.items())
        return '{' + ', '.join(f'{json.dumps(key)}: {entry}' for key, entry in pairs) + '}'
    return json.dumps(str(value), ensure_ascii=False)


def split_key(key):
    """`queue_dao.find('sales')` is `queue_dao.find` and `("sales")`; a name alone has no arguments."""
    path, parenthesis, _ = key.partition('(')
    if not parenthesis:
        return key, None
    try:
        call = ast.parse(key.strip(), mode='eval').body
        args = [ast.literal_eval(value) for value in call.args]
        kwargs = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    except (AttributeError, SyntaxError, ValueError) as error:
        raise ValueError(f'declared rows: {key} is no call with plain values') from error
    return path.strip(), call_text(args, kwargs)


class Row(dict):
    """A row: columns as items and as attributes."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f'the declared row has no column {name}') from None

    def _asdict(self):
        return dict(self)


def rows(value):
    if isinstance(value, list):
        return [rows(entry) for entry in value]
    if isinstance(value, dict):
        return Row({key: rows(entry) for key, entry in value.items()})
    return value


class DaoModule(types.ModuleType):
    def __init__(self, name, database):
        super().__init__(name)
        self.__dict__['_wdev_database'] = database

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        database = self.__dict__['_wdev_database']
        if name == 'session_scope':
            return lambda *_, **__: contextlib.nullcontext(Session(database))
        if name in ('daosession', 'cached_daosession'):
            return lambda function: lambda *args, **kwargs: function(Session(database), *args, **kwargs)
        if name in ('Session', 'DaoSession'):
            return Session(database)
        return DaoName(f'{self.__name__}.{name}', database)


class DaoName:
    """A function of xivo_dao, or an object on the way to one."""

    def __init__(self, name, database):
        self._wdev = name, database

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError(name)
        path, database = self._wdev
        return DaoName(f'{path}.{name}', database)

    def __call__(self, *args, **kwargs):
        name, database = self._wdev
        return database.call(name, args, kwargs)


class Session:
    def __init__(self, database):
        self._database = database

    def __call__(self):
        return self

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        if name in WRITES:
            raise ReadOnly(f'session.{name}(): generate() runs in a read-only session')
        return lambda *_, **__: self._database.query(f'session.{name}()')


class StockModule(types.ModuleType):
    """A module of wazo_confgend: each of its classes generates the declared stock text of its file or files."""

    def __init__(self, name, declared):
        super().__init__(name)
        self.__dict__['_wdev_declared'] = declared

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return stock_class(name, file_of(self.__name__), self.__dict__['_wdev_declared'])


def stock_class(name, file, declared):
    """A class that generates the declared stock text of a file."""

    class Stock:
        def __init__(self, *_, **__):
            pass

        def generate(self, *_, **__):
            return stock_text(file, declared)

        def __getattr__(self, method):
            # a frontend has a method for each of its files: queues_conf, config_yml
            if not method.endswith(('_conf', '_yml')):
                raise AttributeError(method)
            return lambda: stock_text(file_of(method), declared)

    Stock.__name__ = Stock.__qualname__ = name
    return Stock


def stock_text(file, declared):
    for key, text in declared.stock().items():
        if key.rpartition('/')[2] == file:
            return text
    raise NotDeclaredError('stock', file)


def file_of(module):
    """`wazo_confgend.plugins.features_conf` makes `features.conf`."""
    name = module.rpartition('.')[2]
    for end in ('conf', 'yml'):
        if name.endswith(end):
            return f'{name[: -len(end)].rstrip("_")}.{end}'
    return name

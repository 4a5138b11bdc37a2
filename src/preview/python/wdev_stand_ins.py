"""Stand-ins of xivo_dao (always) and of wazo_confgend (where it is not installed), made of declared values."""

import contextlib
import importlib.machinery
import importlib.util
import sys
import types

WRITES = {'add', 'add_all', 'bulk_insert_mappings', 'bulk_save_objects', 'commit', 'delete', 'flush', 'merge'}


class NotDeclared(Exception):
    """The driver asked for something that a server has, and that nobody declared."""

    def __init__(self, kind, name):
        super().__init__(name)
        self.wdev_missing = f'{kind} {name}'


class ReadOnly(Exception):
    """generate() runs in a read-only session."""


def install(preview):
    database = Database(preview)
    sys.meta_path.insert(0, Finder('xivo_dao', lambda name: DaoModule(name, database)))
    if importlib.util.find_spec('wazo_confgend') is None:
        stock = preview.request['stock']
        sys.meta_path.append(Finder('wazo_confgend', lambda name: StockModule(name, stock)))


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
    def __init__(self, preview):
        self._preview = preview
        self._declared = preview.request['dao']

    def call(self, name):
        """The declared answer of a DAO function, by its full name or by the end of it."""
        self._preview.touch('database', name)
        keys = [key for key in self._declared if name == key or name.endswith(f'.{key}')]
        if not keys:
            raise NotDeclared('dao', name)
        return rows(self._declared[max(keys, key=len)])

    def query(self, what):
        self._preview.touch('database', what)
        raise NotDeclared('query', what)


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
        return database.call(name)


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
    """A module of wazo_confgend: each of its classes generates the declared stock text of its file."""

    def __init__(self, name, stock):
        super().__init__(name)
        self.__dict__['_wdev_stock'] = stock

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        stock, file = self.__dict__['_wdev_stock'], file_of(self.__name__)

        class Stock:
            def __init__(self, *_, **__):
                pass

            def generate(self, *_, **__):
                for key, text in stock.items():
                    if key.rpartition('/')[2] == file:
                        return text
                raise NotDeclared('stock', file)

        Stock.__name__ = Stock.__qualname__ = name
        return Stock


def file_of(module):
    """`wazo_confgend.plugins.features_conf` makes `features.conf`."""
    name = module.rpartition('.')[2]
    for end in ('conf', 'yml'):
        if name.endswith(end):
            return f'{name[: -len(end)].rstrip("_")}.{end}'
    return name

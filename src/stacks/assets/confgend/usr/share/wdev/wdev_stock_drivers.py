"""Lets a driver that extends a stock one load it by stevedore, under its entry point `wazo`."""

import importlib.metadata
import sys
import types

PREFIX = 'wazo_confgend.'


class StockPoint:
    """The entry point of a stock driver; `make` gives its class by the name of its file."""

    name = 'wazo'

    def __init__(self, group, make):
        self.group = group
        self.value = f'{PREFIX}plugins:wazo'
        self._make = make

    def load(self):
        _, _, file = self.group[len(PREFIX) :].partition('.')
        return self._make(file)


def install(make):
    """Add the stock drivers to what stevedore finds. Where it is not installed, stand in for it."""
    try:
        from stevedore.extension import ExtensionManager
    except ImportError:
        for name, module in stand_in(make).items():
            sys.modules[name] = module
        return
    listed = ExtensionManager.list_entry_points
    ExtensionManager.list_entry_points = lambda manager: with_stock(listed(manager), manager.namespace, make)


def with_stock(points, group, make):
    if not group.startswith(PREFIX) or any(point.name == StockPoint.name for point in points):
        return points
    return [*points, StockPoint(group, make)]


def stand_in(make):
    """Modules with stevedore's DriverManager, as far as drivers need it."""

    class DriverManager:
        def __init__(self, namespace, name, invoke_on_load=False, invoke_args=(), invoke_kwds=None, **_):
            points = importlib.metadata.entry_points()
            group = points.select(group=namespace) if hasattr(points, 'select') else points.get(namespace, [])
            # equal ones count once; all of one name are imported before they are counted
            distinct = {point.value: point for point in with_stock(list(group), namespace, make) if point.name == name}
            loaded = [point.load() for point in distinct.values()]
            if len(loaded) != 1:
                what = 'Multiple' if loaded else 'No'
                raise RuntimeError(f'{what} {namespace!r} driver found, looking for {name!r}')
            self.driver = loaded[0](*invoke_args, **(invoke_kwds or {})) if invoke_on_load else loaded[0]

    package, module = types.ModuleType('stevedore'), types.ModuleType('stevedore.driver')
    package.__path__ = []
    package.driver = module
    package.DriverManager = module.DriverManager = DriverManager
    return {'stevedore': package, 'stevedore.driver': module}

"""Starts the launcher of a calllogger 2 plugin as the unit does, up to where calllogger would begin to run.

Arguments: the folder of the packages, the launcher, the plugin's module, its class, its environment file; its content
comes on the standard input.
"""

import importlib
import os
import runpy
import sys
import types

folder, launcher, module, name, settings = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
sys.argv[1:] = []

lines = [line.strip() for line in sys.stdin.buffer.read().decode('utf-8').splitlines()]
pairs = [line.partition('=') for line in lines if line[:1] not in ('', '#', ';')]
own = {key: value.strip('"\'') for key, _, value in pairs}
os.environ.update(own)

import calllogger.plugins as plugins  # noqa: E402

registered = []
register = plugins.register_plugins


def note(*classes):
    for one in classes:
        known = getattr(plugins, 'installed', {})
        for key in (one.__name__.lower(), getattr(one, 'id', None)):
            if key in known:
                sys.exit(f'{one.__name__}: another plugin of calllogger has {key!r} as its name or id')
    registered.extend(classes)
    return register(*classes)


plugins.register_plugins = note
runs = types.ModuleType('calllogger.__main__')
runs.monitor = lambda *_, **__: 0
sys.modules['calllogger.__main__'] = runs
try:
    runpy.run_module(launcher, run_name='__main__', alter_sys=True)
except SystemExit as end:
    if end.code not in (None, 0):
        raise

plugin = getattr(importlib.import_module(module), name)
if not issubclass(plugin, plugins.BasePlugin):
    sys.exit(f'{name} is not a subclass of BasePlugin')
if plugin not in registered:
    sys.exit(f'{launcher} does not register {name}')
chosen = os.environ.get('PLUGIN', '')
if chosen.lower() != name.lower() and chosen != str(getattr(plugin, 'id', '')):
    sys.exit(f'the environment chooses the plugin {chosen!r}, and not {name}')
known = {key.upper() for one in plugin.__mro__ for key in getattr(one, '__annotations__', {})}
for key in own:
    if key.startswith('PLUGIN_') and key[len('PLUGIN_') :] not in known:
        sys.exit(f'{key} is set, and {name} has no such setting')
print(f'{name} is registered and chosen')

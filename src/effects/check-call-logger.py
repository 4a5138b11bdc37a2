"""Imports the plugins of quartx_call_logger as it does at its start; looks for one class and its settings.

Arguments: the folder that holds the package, the plugin's module, its class, the file of its settings; its content
comes on the standard input.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

folder, module, name, file = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, folder)

import quartx_call_logger.plugins as plugins  # noqa: E402

# the plugin last: a class name that another one has too is then an error at the line of this one
names = [found.name for found in pkgutil.iter_modules(plugins.__path__)]
for found in sorted(names, key=lambda found: found == module):
    importlib.import_module(f'{plugins.__name__}.{found}')

plugin = getattr(sys.modules[f'{plugins.__name__}.{module}'], name)
if not issubclass(plugin, plugins.Plugin):
    sys.exit(f'{name} is not a subclass of Plugin, so the call logger does not register it')

settings = sys.stdin.buffer.read().decode('utf-8')
if not any(line.startswith(f'{name}:') for line in settings.splitlines()):
    sys.exit(f'{Path(file).name} has no settings under the key {name}')
print(f'{name} is imported and has settings')

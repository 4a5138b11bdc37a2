"""python3 -m quartx_call_logger: imports every plugin, and runs the one that the settings name."""

import importlib
import logging
import pkgutil

import quartx_call_logger
from quartx_call_logger import plugins


def import_plugins():
    for found in pkgutil.iter_modules(plugins.__path__):
        importlib.import_module(f'{plugins.__name__}.{found.name}')


def main():
    logging.basicConfig(level=logging.INFO, format='%(levelname)-5s: %(message)s')
    import_plugins()
    settings = quartx_call_logger.settings
    internal = settings['settings']
    name = internal['plugin']
    plugin = plugins.get_plugin(name)(**(settings.get(name) or {}))
    plugin.start(**{key: internal[key] for key in ('timeout', 'max_timeout', 'decay')})


if __name__ == '__main__':
    main()

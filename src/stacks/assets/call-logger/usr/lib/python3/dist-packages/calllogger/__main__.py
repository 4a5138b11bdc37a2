"""python3 -m calllogger, and what launchers call: runs the plugin that the environment names."""

import logging
import os
import queue
import sys

import calllogger
from calllogger import cdr, plugins


def monitor():
    """Run the plugin named in PLUGIN until it ends; answer the exit status."""
    logging.basicConfig(level=logging.INFO, format='%(levelname)-5s: %(message)s')
    name = os.environ.get('PLUGIN', '')
    try:
        plugin_class = plugins.get_plugin(name)
    except KeyError:
        logging.error('there is no plugin %r', name)
        return 1
    plugin = plugin_class()
    plugin._queue = queue.Queue(10_000)
    server = os.environ.get('SERVER')
    if server:
        cdr.CDRWorker(plugin._queue, calllogger.running, server, plugin.timeout.first).start()
    logging.info('%s runs', plugin_class.__name__)
    plugin.start()
    plugin.join()
    return 0


if __name__ == '__main__':
    sys.exit(monitor())

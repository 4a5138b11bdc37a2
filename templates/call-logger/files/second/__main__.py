# SPDX-License-Identifier: # @= license @#
"""Starts calllogger with the plugin: it knows only the classes that are registered with it."""

import os
import sys
from typing import Any


def main() -> Any:
    os.environ.setdefault('PLUGIN', 'ExamplePlugin')
    # calllogger reads the environment and its arguments while it is imported
    from calllogger.__main__ import monitor
    from calllogger.plugins import register_plugins

    from acme_example_call_logger.plugin import ExamplePlugin

    register_plugins(ExamplePlugin)
    return monitor()


if __name__ == '__main__':
    sys.exit(main())

# SPDX-License-Identifier: # @= license @#
"""A stand-in for quartx_call_logger, so that tests need neither the service nor its server."""

import json
import logging
import runpy
import sys
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


class Record:
    INCOMING, RECEIVED, OUTGOING = 0, 1, 2
    NOT_ANSWERED, ANSWERED, VOICEMAIL = 0, 1, 2

    # @_ if (isGeneration1) { _@#
    def __init__(self, call_type, **fields):
    # @_ } else { _@#
    def __init__(self, *, call_type, **fields):
    # @_ } _@#
        self.call_type = call_type
        self.fields = fields


class Plugin:
    def __init__(self, timeout=10, max_timeout=300, decay=1.5, **settings):
        self.timeout = self.base_timeout = timeout
        self.max_timeout = max_timeout
        self.timeout_decay = decay
        self.settings = settings
        self.logger = logging.getLogger(type(self).__name__)
        self.running = True
        self.pushed: list[Any] = []

    def push(self, record):
        json.dumps(record.fields)  # the service sends it so
        self.pushed.append(record)


class SerialPlugin(Plugin):
    # what the plugin brings
    decode: Any
    parse: Any

    def __init__(self, port, rate, **settings):
        super().__init__(**settings)
        self.port = port
        self.rate = rate

    def receive(self, *lines):
        """Handle lines of the port as run() does."""
        for line in lines:
            record = self.parse(self.decode(line))
            if record is not None:
                self.push(record)


package: Any = types.ModuleType('quartx_call_logger')
package.plugins = types.ModuleType('quartx_call_logger.plugins')
for part in (Record, Plugin, SerialPlugin):
    setattr(package.plugins, part.__name__, part)
for fake in (package, package.plugins):
    sys.modules[fake.__name__] = fake


@pytest.fixture(scope='session')
def module():
    """The plugin's module, loaded from its file as the call logger would."""
    folder = ROOT / 'acme_example_call_logger' / 'plugin'
    file = folder / 'acme_example.py'
    return types.SimpleNamespace(**runpy.run_path(str(file)))

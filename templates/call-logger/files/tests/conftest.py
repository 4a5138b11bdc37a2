# SPDX-License-Identifier: # @= license @#
"""A stand-in for quartx_call_logger, so that tests need neither the service nor its server."""

import importlib.util
import json
import logging
import sys
import types
from pathlib import Path

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
        self.pushed = []

    def push(self, record):
        json.dumps(record.fields)  # the service sends it so
        self.pushed.append(record)


class SerialPlugin(Plugin):
    def __init__(self, port, rate, **settings):
        super().__init__(**settings)
        self.port = port
        self.rate = rate

    def receive(self, *lines):
        """What run() does with the lines of the port."""
        for line in lines:
            record = self.parse(self.decode(line))
            if record is not None:
                self.push(record)


package = types.ModuleType('quartx_call_logger')
package.plugins = types.ModuleType('quartx_call_logger.plugins')
for part in (Record, Plugin, SerialPlugin):
    setattr(package.plugins, part.__name__, part)
sys.modules.update({package.__name__: package, package.plugins.__name__: package.plugins})


@pytest.fixture(scope='session')
def module():
    """The plugin's module, loaded from its file as the call logger would."""
    path = ROOT / 'acme_example_call_logger' / 'plugin' / 'acme_example.py'
    spec = importlib.util.spec_from_file_location('quartx_call_logger.plugins.acme_example', path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded

# SPDX-License-Identifier: # @= license @#
"""A stand-in for calllogger, so that tests need neither the service nor its server."""

import logging
import os
import sys
import types
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


class CallDataRecord:
    INCOMING, RECEIVED, OUTGOING = 0, 1, 2
    __slots__ = (
        'call_type',
        'date',
        'number',
        'line',
        'ext',
        'ring',
        'duration',
        'answered',
        'raw',
    )

    def __init__(self, call_type):
        self.call_type = call_type

    def date_str(self, date, fmt, tz=timezone.utc):
        self.date = datetime.strptime(date, fmt).replace(tzinfo=tz)


class Timeout:
    def sleep(self):
        pass

    def reset(self):
        pass


class BasePlugin:
    def __init__(self, **settings):
        for name, kind in type(self).__annotations__.items():
            value = settings.get(
                name, os.environ.get(f'PLUGIN_{name.upper()}', getattr(self, name))
            )
            setattr(self, name, kind(value) if name not in settings else value)
        self.logger = logging.getLogger(type(self).__name__)
        self.timeout = Timeout()
        self.is_running = True
        self.pushed: list[Any] = []

    def push(self, record):
        self.pushed.append(record)


class SerialPlugin(BasePlugin):
    # what the plugin brings
    decode: Any
    parse: Any

    def validate(self, decoded_line):
        return decoded_line

    def receive(self, *lines):
        """Handle lines of the port as entrypoint() does."""
        for line in lines:
            validated = self.validate(self.decode(line))
            record = self.parse(validated) if validated else None
            if record:
                self.push(record)


registered: list[type[BasePlugin]] = []


def module(name, **content):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(content)


module('calllogger')
module(
    'calllogger.plugins',
    BasePlugin=BasePlugin,
    SerialPlugin=SerialPlugin,
    register_plugins=registered.append,
)
module('calllogger.record', CallDataRecord=CallDataRecord)
module('calllogger.__main__', monitor=lambda: 0)


@pytest.fixture
def known():
    """The classes that the plugin registered."""
    return registered

"""What a plugin is made of, and the list of those that are known."""

import abc
import logging
import threading

import calllogger
import wdev_serial_port as serial_port
from calllogger.settings import apply_settings
from calllogger.timeout import Timeout

__all__ = ['BasePlugin', 'SerialPlugin', 'get_plugin', 'installed', 'register_plugins']

#: Plugin classes by their lower-cased names and by their numbers.
installed = {}


class Settled(abc.ABCMeta):
    def __call__(cls, **settings):
        plugin = super().__call__()
        apply_settings(plugin)
        vars(plugin).update(settings)
        return plugin


class BasePlugin(threading.Thread, metaclass=Settled):
    """Base of all plugins: a thread that runs ``entrypoint``."""

    id: int = 0

    def __init__(self):
        super().__init__(name=f'Thread-{type(self).__name__}', daemon=True)
        self.logger = logging.getLogger(f'{__name__}.{type(self).__name__}')
        self.timeout = Timeout()

    def run(self):
        self.entrypoint()

    @property
    def is_running(self):
        return calllogger.running.is_set()

    def push(self, record):
        """Hand a record over for sending."""
        self._queue.put(record.as_dict())

    @abc.abstractmethod
    def entrypoint(self):
        """Watch for calls as long as ``self.is_running``."""


class SerialPlugin(BasePlugin):
    """A plugin that makes records of the lines of a serial port."""

    baudrate: int = 9600
    port: str = '/dev/ttyUSB0'

    def __init__(self):
        super().__init__()
        self._line = None

    def decode(self, raw):
        return raw.decode('ASCII')

    def validate(self, decoded_line):
        return decoded_line

    @abc.abstractmethod
    def parse(self, validated_line):
        """Return the record of a line, or None."""

    def entrypoint(self):
        while self.is_running:
            try:
                self._take_line()
            except Exception:
                self.logger.exception('a line was lost')
            else:
                self.timeout.reset()

    def _take_line(self):
        try:
            if self._line is None:
                self._line = serial_port.open_port(self.port, self.baudrate)
            raw = self._line.readline()
        except serial_port.PortError:
            self.timeout.sleep()
            if self._line is not None:
                self._line.close()
            self._line = None
            raise
        line = self.validate(self.decode(raw))
        record = self.parse(line) if line else None
        if record:
            self.push(record)


def register_plugins(*plugins):
    for plugin in plugins:
        installed[plugin.__name__.lower()] = plugin
        installed[plugin.id] = plugin


def get_plugin(name):
    return installed[int(name) if str(name).isdigit() else name.lower()]

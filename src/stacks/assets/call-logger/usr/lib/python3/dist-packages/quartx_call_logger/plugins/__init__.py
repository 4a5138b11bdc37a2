"""What a plugin is made of. Every module of this folder is imported when the call logger starts."""

import abc
import logging
import queue
import time

import wdev_serial_port as serial_port
from quartx_call_logger import api
from quartx_call_logger.record import Record

__all__ = ['Plugin', 'Record', 'SerialPlugin', 'get_plugin', 'registered_plugins']

#: Plugin classes by their lower-cased names.
registered_plugins = {}


class DuplicatePlugin(ValueError):
    """Two plugins have one class name."""


class Plugin(abc.ABC):
    """Base of all plugins. A subclass is registered as soon as its module is imported."""

    def __init_subclass__(cls, **arguments):
        super().__init_subclass__(**arguments)
        name = cls.__name__.lower()
        if name in registered_plugins:
            raise DuplicatePlugin(f"Plugin with name '{name}' already exists")
        registered_plugins[name] = cls

    def __init__(self, timeout=10, max_timeout=300, decay=1.5, **settings):
        self.queue = queue.Queue(10_000)
        self._api_thread = api.API(self.queue)
        self._api_thread.start()
        self.logger = logging.getLogger(f'{__name__}.{type(self).__name__}')
        self.timeout = self.base_timeout = timeout
        self.max_timeout = max_timeout
        self.timeout_decay = decay

    def start(self, **internal):
        self.__dict__.update(internal)
        self.base_timeout = self.timeout
        try:
            self.run()
        except KeyboardInterrupt:
            self.logger.debug('interrupted')
        except Exception:
            self.logger.exception('the plugin ended with an error')
            raise
        finally:
            self._api_thread.running.clear()

    @property
    def running(self):
        return self._api_thread.running.is_set()

    def push(self, record):
        """Hand a record over for sending."""
        self.logger.info('%r', record)
        self.queue.put(record)

    @abc.abstractmethod
    def run(self):
        """Watch for calls as long as ``self.running``."""


class SerialPlugin(Plugin):
    """A plugin that makes records of the lines of a serial port."""

    def __init__(self, port, rate, **settings):
        super().__init__(**settings)
        self.port = port
        self.rate = rate
        self._line = None

    @abc.abstractmethod
    def decode(self, data):
        """Return the text of a line; what it raises ends the call logger."""

    @abc.abstractmethod
    def parse(self, data):
        """Return the record of a line, or None; what it raises is logged, and the line is lost."""

    def run(self):
        while self.running:
            if self._line is None and not self._open():
                continue
            text = self._read()
            if text:
                self._process(text)

    def _open(self):
        try:
            self._line = serial_port.open_port(self.port, self.rate)
        except serial_port.PortError as error:
            self.logger.error('%s; trying again in %s seconds', error, self.timeout)
            time.sleep(self.timeout)
            return False
        return True

    def _read(self):
        try:
            data = self._line.readline()
        except serial_port.PortError as error:
            self.logger.error('%s', error)
            self._line.close()
            self._line = None
            return None
        return self.decode(data)

    def _process(self, text):
        try:
            record = self.parse(text)
        except Exception:
            self.logger.exception('this line could not be parsed: %r', text)
            return
        if record:
            self.push(record)


def get_plugin(name):
    """Return the class of a plugin, whatever the case of its name."""
    try:
        return registered_plugins[name.lower()]
    except KeyError:
        raise KeyError(f'plugin not found: {name.lower()}') from None

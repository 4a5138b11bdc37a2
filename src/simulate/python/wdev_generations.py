"""The three generations of the call logger, the real package where it is installed, else its stand-in."""

import importlib
import importlib.util
import os
import sys
import time


def open_generation(request, watch):
    kind = Second if request['generation'] == '2' else First
    return kind(request, watch)


def import_file(name, file):
    """Import a module from its file under a name of our choice."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find_package(name, stand_in, wanted):
    """Put the stand-in on the path unless the real package is there, and wanted."""
    if wanted != 'stand-in' and importlib.util.find_spec(name) is not None:
        return 'real'
    if wanted == 'real':
        raise ImportError(f'{name} is not installed for {sys.executable}')
    sys.path.insert(0, stand_in)
    return 'stand-in'


class Generation:
    def __init__(self, request, watch):
        self.request = request
        self.watch = watch
        self.plugin = None

    def class_in(self, module, base, serial_base):
        name = self.request['class']
        if name is None:
            own = [
                value
                for value in vars(module).values()
                if isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
            ]
            if len(own) != 1:
                raise TypeError(f'the module has {len(own)} plugin classes; name one with --class')
            self.plugin_class = own[0]
        else:
            self.plugin_class = getattr(module, name, None)
            if self.plugin_class is None:
                raise TypeError(f'the module has no class {name}')
            if not issubclass(self.plugin_class, base):
                raise TypeError(f'{name} is no subclass of {base.__name__}, so the call logger does not know it')
        self.is_serial = issubclass(self.plugin_class, serial_base)

    def watch_records(self, record_class):
        original, watch = record_class.__init__, self.watch

        def __init__(record, *args, **kwargs):
            watch.note_construction(record)
            original(record, *args, **kwargs)

        record_class.__init__ = __init__

    def drain(self):
        """Wait until what was pushed is sent."""
        until = time.monotonic() + self.request['drain']
        queue = getattr(self.plugin, 'queue', None) or getattr(self.plugin, '_queue', None)
        while queue is not None and queue.unfinished_tasks and self.alive() and time.monotonic() < until:
            time.sleep(0.01)


class First(Generation):
    """quartx_call_logger 0.1 and 0.2: the module stands in the package's own plugins folder."""

    def __init__(self, request, watch):
        super().__init__(request, watch)
        self.origin = find_package('quartx_call_logger', request['standIn'], request['package'])
        if self.origin == 'stand-in' and request['generation'] == '1b':
            self.use_keyword_records()
        plugins = importlib.import_module('quartx_call_logger.plugins')
        self.watch_records(plugins.Record)
        self.aim()
        name = os.path.splitext(os.path.basename(request['module']))[0]
        module = import_file(f'quartx_call_logger.plugins.{name}', request['module'])
        self.class_in(module, plugins.Plugin, plugins.SerialPlugin)

    @staticmethod
    def use_keyword_records():
        record = importlib.import_module('quartx_call_logger.record')

        class Record(dict):
            """Generation 1b: a dictionary, made of keyword arguments only."""

            NOT_ANSWERED, ANSWERED, VOICEMAIL = 0, 1, 2
            INCOMING, RECEIVED, OUTGOING = 0, 1, 2

            def __init__(self, *, call_type, **fields):
                super().__init__(call_type=call_type, **fields)

            @property
            def call_type(self):
                return self['call_type']

        record.Record = Record

    def aim(self):
        """Send to the collector of the simulation, if there is one."""
        api = importlib.import_module('quartx_call_logger.api')
        if self.request['collector']:
            api.set_url(self.request['collector'])
        elif self.origin == 'real':
            # nothing leaves the machine unasked
            api.API.run = lambda thread: None

    def make(self):
        self.plugin = self.plugin_class(**self.request['settings'])
        self.watch.wrap_methods(self.plugin)
        return self.plugin

    def run(self):
        retry = self.request['retry']
        self.plugin.start(timeout=retry, max_timeout=retry, decay=1)

    def stop(self):
        self.plugin._api_thread.running.clear()

    def alive(self):
        return self.plugin is not None and self.plugin._api_thread.is_alive()

    def drain(self):
        if self.request['collector']:
            super().drain()


class Second(Generation):
    """calllogger 2: a package of its own, registered by name; settings are class attributes."""

    def __init__(self, request, watch):
        super().__init__(request, watch)
        for name, value in request['settings'].items():
            os.environ[f'PLUGIN_{name.upper()}'] = str(value)
        self.origin = find_package('calllogger', request['standIn'], request['package'])
        calllogger = importlib.import_module('calllogger')
        plugins = importlib.import_module('calllogger.plugins')
        record = importlib.import_module('calllogger.record')
        self.watch_records(record.CallDataRecord)
        sys.path.insert(0, request['root'])
        name = os.path.splitext(os.path.relpath(request['module'], request['root']))[0].replace(os.sep, '.')
        module = importlib.import_module(name) if '.' in name else import_file(name, request['module'])
        self.class_in(module, plugins.BasePlugin, plugins.SerialPlugin)
        plugins.register_plugins(self.plugin_class)
        self.running = calllogger.running

    def make(self):
        import queue

        self.running.set()
        self.plugin = self.plugin_class()
        self.plugin._queue = queue.Queue(10_000)
        self.worker = self.start_worker()
        self.watch.wrap_methods(self.plugin)
        return self.plugin

    def start_worker(self):
        if self.origin == 'real' or not self.request['collector']:
            return None
        cdr = importlib.import_module('calllogger.cdr')
        worker = cdr.CDRWorker(self.plugin._queue, self.running, self.request['collector'], self.request['retry'])
        worker.start()
        return worker

    def run(self):
        timeout = getattr(self.plugin, 'timeout', None)
        if hasattr(timeout, 'value'):
            timeout.value = timeout.first = self.request['retry']
        try:
            self.plugin.entrypoint()
        except KeyboardInterrupt:
            pass

    def stop(self):
        # the worker goes on until all is sent; see drain
        self.plugin_stopped = True

    def alive(self):
        return self.worker is not None and self.worker.is_alive()

"""Brings lines to a plugin: straight, through a pseudo terminal, or through the file or socket that it reads."""

import os
import sys
import threading
import time
import types

import wdev_terminal as terminal


def lines_of(data, is_serial):
    """The lines as readline() of a port cuts them, at the line feed alone, and how many wait for one without end.

    The last line of a file may lack its end; one that ends with a carriage return is as the wire has it. A plugin that
    reads by itself gets that too.
    """
    lines = [piece + b'\n' for piece in data.split(b'\n')]
    last = lines.pop()[:-1]
    # behind a line feed, a carriage return alone ends nothing
    if not last.strip(b'\r'):
        return lines, 0
    if not is_serial or b'\r' not in last:
        return [*lines, last], 0
    return lines, len(last.rstrip(b'\r').split(b'\r'))


def run(generation, watch, lines, request):
    if request['serial']:
        run_terminal(generation, watch, lines, request)
    elif generation.is_serial:
        run_straight(generation, watch, lines, request)
    else:
        run_by_itself(generation, watch, lines, request)


class Straight:
    """Stands for a serial.Serial whose other end has all the lines."""

    feed = None

    def __init__(self, port=None, baudrate=9600, *args, **kwargs):
        self.port = port
        self.baudrate = baudrate
        self.is_open = port is not None

    def open(self):
        self.is_open = True

    def close(self):
        self.is_open = False

    def readline(self):
        return self.feed.next_line()


class Feed:
    def __init__(self, watch, lines, pace):
        self._watch = watch
        self._lines = lines
        self._pace = pace

    @property
    def is_empty(self):
        return self._watch.fed >= len(self._lines)

    def next_line(self):
        if self.is_empty:
            # as Ctrl-C at a call logger that waits for its port
            raise KeyboardInterrupt
        if self._pace:
            time.sleep(self._pace)
        data = self._lines[self._watch.fed]
        self._watch.fed += 1
        self._watch.line = self._watch.fed
        return data


def run_straight(generation, watch, lines, request):
    serial = types.ModuleType('serial')
    serial.SerialException = type('SerialException', (OSError,), {})
    Straight.feed = feed = Feed(watch, lines, request['pace'])
    serial.Serial = Straight
    for module in list(sys.modules.values()):
        # the package has imported its own one already, or none
        if module is not None and getattr(module, '__name__', '').startswith(('quartx_call_logger', 'calllogger', 'wdev_serial_port')):
            if hasattr(module, 'serial'):
                module.serial = serial
    sys.modules['serial'] = serial
    while not feed.is_empty:
        run_once(generation, watch)


def run_once(generation, watch):
    """One life of the call logger. An exception in decode ends it, and the next line meets a new one."""
    generation.make()
    watch.raised = False
    try:
        generation.run()
    except Exception as error:
        if not watch.raised:
            watch.tell(event='raised', line=watch.line, where='run', error=watch.describe(error))
            raise SystemExit from error
        watch.tell(event='ended', line=watch.line)


def run_terminal(generation, watch, lines, request):
    port = terminal.Port(request['serial'])
    settings = request['settings']
    settings['port'] = port.path
    os.environ['PLUGIN_PORT'] = port.path
    watch.line = 0
    count_lines(generation, watch)
    tell_openings(port, watch)
    writer = threading.Thread(target=write_all, args=(generation, watch, lines, request, port), daemon=True)
    generation.make()
    reader = threading.Thread(target=read_all, args=(generation, watch), daemon=True)
    writer.start()
    reader.start()
    writer.join()
    generation.stop()


def count_lines(generation, watch):
    """In the stream of a port a line is what decode gets."""
    original = generation.plugin_class.decode

    def decode(plugin, data):
        watch.line += 1
        try:
            return original(plugin, data)
        finally:
            watch.fed = watch.line

    generation.plugin_class.decode = decode


def tell_openings(port, watch):
    """Nothing may be sent before the port is open: whoever opens one drops what came before."""
    owners = [sys.modules[name] for name in ('wdev_serial_port',) if name in sys.modules]
    for owner in owners:
        watched(owner, 'open_port', port, watch)
    if not owners:
        watched(sys.modules['serial'].Serial, 'open', port, watch)


def watched(owner, name, port, watch):
    original = getattr(owner, name)

    def opening(*args, **kwargs):
        result = original(*args, **kwargs)
        tell_readings(args[0] if result is None else result, watch)
        port.opened.set()
        return result

    setattr(owner, name, opening)


def tell_readings(opened, watch):
    """Who reads on is through with the line before: parse and push come after decode, and may take their time."""

    def told(original):
        def reading(*args, **kwargs):
            watch.done = watch.line
            return original(*args, **kwargs)

        return reading

    for name in ('read', 'read_until', 'readline'):
        if hasattr(opened, name) and name not in vars(opened):
            setattr(opened, name, told(getattr(opened, name)))


def read_all(generation, watch):
    while True:
        try:
            generation.run()
            return
        except Exception as error:
            if not watch.raised:
                watch.tell(event='raised', line=watch.line, where='run', error=watch.describe(error))
                os._exit(0)
            watch.tell(event='ended', line=watch.line)
            generation.make()
            watch.raised = False


def write_all(generation, watch, lines, request, port):
    try:
        written = port.write_lines(lines, request['pace'], lambda: watch.fed)
        port.wait_until_read(written, lambda: watch.fed)
        port.wait_until_read(watch.fed, lambda: watch.done)
        watch.tell(
            event='port',
            path=port.path,
            rate=port.rate(),
            written=written,
            read=watch.fed,
            reconnects=port.reconnects,
        )
    finally:
        port.close()


def run_by_itself(generation, watch, lines, request):
    """The plugin has its own run(): the lines go into the file that its settings name, or out of a socket."""
    source = terminal.source_for(request['settings'])
    if source is None:
        raise LookupError('no setting says where it reads from: path, file, filename, or host and port')
    generation.make()
    thread = threading.Thread(target=run_thread, args=(generation, watch), daemon=True)
    thread.start()
    source.wait(thread)
    watch.fed = source.write(lines, request['pace'])
    seen, quiet = watch.records, time.monotonic()
    while thread.is_alive() and time.monotonic() - quiet < request['settle']:
        if watch.records != seen:
            seen, quiet = watch.records, time.monotonic()
        time.sleep(0.01)
    generation.stop()


def run_thread(generation, watch):
    try:
        generation.run()
    except BaseException as error:  # noqa: BLE001
        watch.tell(event='raised', line=None, where='run', error=watch.describe(error))

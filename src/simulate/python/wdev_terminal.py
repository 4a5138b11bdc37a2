"""The other end of what a plugin listens to: a pseudo terminal, a growing file, a socket."""

import os
import random
import socket
import tempfile
import termios
import threading
import time
import tty


class Port:
    """A serial port with a phone system behind it, under a path that stays the same when it is plugged in anew."""

    def __init__(self, options):
        self._options = options
        self._random = random.Random(options['seed'])
        self._folder = tempfile.mkdtemp(prefix='wdev-port-')
        self.path = os.path.join(self._folder, 'ttyUSB0')
        self.reconnects = 0
        self.opened = threading.Event()
        self._rate = None
        self._plug_in()

    def _plug_in(self):
        self._ours, self._theirs = os.openpty()
        # as a serial line: no echo, no line editing, before anybody opens it
        tty.setraw(self._theirs)
        os.symlink(os.ttyname(self._theirs), f'{self.path}.new')
        os.replace(f'{self.path}.new', self.path)

    def rate(self):
        """Baud rate that the plugin has set; None when the port was never opened."""
        self._note_rate()
        return self._rate

    def _note_rate(self):
        speed = termios.tcgetattr(self._theirs)[5]
        names = [name for name in dir(termios) if name[0] == 'B' and name[1:].isdigit()]
        found = [int(name[1:]) for name in names if getattr(termios, name) == speed]
        self._rate = found[0] if found else None

    def write_lines(self, lines, pace, count_read):
        """Write all lines; returns how many lines the plugin should have read then."""
        written = 0
        self.opened.wait(self._options['patience'])
        for index, line in enumerate(lines):
            line = line if line.endswith(b'\n') else line + b'\r\n'
            if self._random.random() < self._options['noise']:
                line = self._noise() + line
            written += 1
            self._write(line)
            every = self._options['disconnect']
            if every and (index + 1) % every == 0 and index + 1 < len(lines):
                self._reconnect(written, count_read)
            if pace:
                time.sleep(pace)
        return written

    def _noise(self):
        """Bytes that a bad line adds; they never hold an end of line."""
        return bytes(self._random.choice(b'\x00\x7f\x80\xfe\xff~') for _ in range(self._random.randint(1, 6)))

    def _write(self, data):
        if self._options['partial']:
            while data:
                size = self._random.randint(1, len(data))
                self._write_piece(data[:size])
                data = data[size:]
        else:
            self._write_piece(data)

    def _write_piece(self, data):
        while data:
            size = os.write(self._ours, data)
            if self._options['baud']:
                # a start bit, eight of data and a stop bit
                time.sleep(size * 10 / self._options['baud'])
            data = data[size:]

    def _reconnect(self, written, count_read):
        """Pull the plug once everything was read, and put it back."""
        self.wait_until_read(written, count_read)
        self._note_rate()
        self.opened.clear()
        os.close(self._theirs)
        os.close(self._ours)
        time.sleep(self._options['gap'])
        self._plug_in()
        self.reconnects += 1
        self.opened.wait(self._options['patience'])

    def wait_until_read(self, written, count_read):
        """Wait as long as the plugin still takes lines."""
        seen, since = count_read(), time.monotonic()
        while seen < written and time.monotonic() - since < self._options['patience']:
            time.sleep(0.001)
            if count_read() != seen:
                seen, since = count_read(), time.monotonic()

    def close(self):
        os.close(self._theirs)
        os.close(self._ours)
        os.unlink(self.path)
        os.rmdir(self._folder)


def source_for(settings):
    """What a plugin with its own run() reads from, by the names of its settings; None when they do not say."""
    for name in ('path', 'file', 'filename'):
        if name in settings:
            source = GrowingFile()
            settings[name] = source.path
            return source
    if 'host' in settings and 'port' in settings:
        source = Socket()
        settings['host'], settings['port'] = source.address
        return source
    return None


class GrowingFile:
    def __init__(self):
        handle, self.path = tempfile.mkstemp(prefix='wdev-calls-')
        os.close(handle)

    def wait(self, thread):
        """Give the plugin the time to open the file, and to look for its end."""
        time.sleep(0.3)

    def write(self, lines, pace):
        with open(self.path, 'ab', buffering=0) as file:
            for line in lines:
                file.write(line if line.endswith(b'\n') else line + b'\n')
                if pace:
                    time.sleep(pace)
        return len(lines)


class Socket:
    def __init__(self):
        self._server = socket.create_server(('127.0.0.1', 0))
        self._server.settimeout(0.2)
        self.address = self._server.getsockname()
        self._connection = None

    def wait(self, thread):
        until = time.monotonic() + 5
        while self._connection is None and thread.is_alive() and time.monotonic() < until:
            try:
                self._connection, _ = self._server.accept()
            except OSError:
                continue

    def write(self, lines, pace):
        if self._connection is None:
            return 0
        for line in lines:
            self._connection.sendall(line if line.endswith((b'\n', b'\r')) else line + b'\r\n')
            if pace:
                time.sleep(pace)
        return len(lines)

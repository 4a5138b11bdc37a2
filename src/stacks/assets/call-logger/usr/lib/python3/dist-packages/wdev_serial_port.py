"""A serial port through pyserial where it is installed, else through the terminal interface of the system."""

import os

try:
    import serial
except ImportError:
    serial = None


class PortError(Exception):
    """The port can't be opened, or is gone."""


def open_port(port, rate):
    return _PySerialPort(port, rate) if serial is not None else _TerminalPort(port, rate)


class _PySerialPort:
    def __init__(self, port, rate):
        try:
            self._port = serial.Serial(port, rate)
        except (serial.SerialException, OSError) as error:
            raise PortError(f'{port}: {error}') from error

    def readline(self):
        try:
            return self._port.readline()
        except (serial.SerialException, OSError) as error:
            raise PortError(f'{self._port.port}: {error}') from error

    def close(self):
        self._port.close()


class _TerminalPort:
    def __init__(self, port, rate):
        # terminals exist on POSIX systems only
        import termios
        import tty

        self._rest = b''
        try:
            self._file = os.open(port, os.O_RDWR | os.O_NOCTTY)
        except OSError as error:
            raise PortError(f'{port}: {error}') from error
        try:
            tty.setraw(self._file, termios.TCSANOW)
            attributes = termios.tcgetattr(self._file)
            attributes[4] = attributes[5] = getattr(termios, f'B{rate}')
            termios.tcsetattr(self._file, termios.TCSANOW, attributes)
        except (AttributeError, termios.error) as error:
            os.close(self._file)
            raise PortError(f'{port}: {rate} baud: {error}') from error

    def readline(self):
        """Return a line with its end; waits for it without a limit."""
        while b'\n' not in self._rest:
            try:
                data = os.read(self._file, 65536)
            except OSError as error:
                raise PortError(str(error)) from error
            if not data:
                raise PortError('the port was disconnected')
            self._rest += data
        line, newline, self._rest = self._rest.partition(b'\n')
        return line + newline

    def close(self):
        os.close(self._file)

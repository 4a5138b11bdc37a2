"""Waits up to a minute for the port of a service: ExecStartPost of those that others call at their start."""

import socket
import sys
import time

from . import configuration


def main(unit, port):
    configuration.read(unit, {})
    until = time.time() + 60
    while time.time() < until:
        with socket.socket() as tried:
            tried.settimeout(1)
            if tried.connect_ex(('localhost', int(port))) == 0:
                return 0
        time.sleep((until - time.time()) % 1)
    print(f'Could not connect to {unit} on localhost:{port}', file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

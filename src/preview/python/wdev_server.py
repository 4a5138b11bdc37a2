"""A warm interpreter for previews: what drivers usually import is loaded once, each preview runs in a fork.

Reads one JSON request a line on standard input, answers one JSON line each. Ends with its input.
"""

import importlib
import json
import os
import select
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True

import importlib.metadata  # noqa: E402, F401  (the first use of it costs 30 ms)

# the stand-in of wazo-confgend on stacks answers drivers with the same module
sys.path.insert(1, os.path.join(os.path.dirname(__file__), '../../stacks/assets/confgend/usr/share/wdev'))
sys.path.insert(2, os.path.join(os.path.dirname(__file__), '../../readers/yaml'))

import wdev_driver  # noqa: E402
from wdev_values import decode  # noqa: E402

# a plugin may have modules of any name
del sys.path[:3]


def optional(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def main():
    has = {name: optional(name) for name in ('yaml', 'jinja2', 'stevedore')}
    version = '.'.join(str(part) for part in sys.version_info[:3])
    answers = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    # what a driver or an import prints must not come between the answers
    os.dup2(2, 1)
    say(answers, {'ready': True, 'executable': sys.executable, 'version': version, 'has': has})
    for line in sys.stdin.buffer:
        request = json.loads(line, object_hook=decode)
        reply = run_in_fork(request)
        say(answers, reply)
        preload(reply.get('imported', ()))


def say(answers, reply):
    json.dump(reply, answers)
    answers.write('\n')
    answers.flush()


def preload(names):
    """Import what the last driver needed from outside of its plugin, so that the next fork has it."""
    for name in names:
        if threading.active_count() == 1 and name not in sys.modules:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001, S110  (whatever fails here fails again where it is reported)
                pass


def run_in_fork(request):
    readable, writable = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(readable)
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        wdev_driver.run(request, writable)
        os._exit(0)
    os.close(writable)
    reply = read_reply(readable, request['limit'])
    os.close(readable)
    end(child)
    _, status = os.waitpid(child, 0)
    if reply is None:
        reply = {'outcome': 'died', 'status': status}
    reply['total'] = (time.perf_counter() - started) * 1000
    return reply


def end(child):
    """The driver may have left processes behind; they share its session."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        # the fork has not come to its own session yet, or is gone
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass


def read_reply(readable, limit):
    """Return the answer of the fork; None when it ended without one."""
    data = b''
    until = time.monotonic() + limit
    while not data.endswith(b'\n'):
        left = until - time.monotonic()
        if left <= 0 or not select.select([readable], [], [], left)[0]:
            return {'outcome': 'timeout'}
        piece = os.read(readable, 1 << 20)
        if not piece:
            return None
        data += piece
    return json.loads(data)


if __name__ == '__main__':
    main()

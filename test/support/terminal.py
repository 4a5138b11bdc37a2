"""Runs a command in a terminal and plays a dialogue: python3 terminal.py '{"command", "cwd", "dialogue"}'.

The dialogue is a list of [text that must appear, what is typed then]. Prints what the terminal showed; exits
with the status of the command, or 99 when a text did not appear in time.
"""

import json
import os
import pty
import select
import sys
import time

request = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(request['cwd'])
    os.execvp(request['command'][0], request['command'])

shown = b''
start = 0


def read_until(text, seconds=200):
    """Read on until the text stands in what came since keys were typed, or a match without keys; None: to the end."""
    global shown, start
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        at = -1 if text is None else shown.find(text.encode(), start)
        if at >= 0:
            start = at + len(text.encode())
            return True
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if not ready:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            chunk = b''
        if not chunk:
            return text is None
        shown += chunk
    return False


for expected, typed in request['dialogue']:
    if not read_until(expected):
        print(f'{shown.decode(errors="replace")}\n*** {expected!r} did not appear')
        os.kill(pid, 9)
        sys.exit(99)
    if typed:
        start = len(shown)
        os.write(terminal, typed.encode())
read_until(None)
print(shown.decode(errors='replace'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

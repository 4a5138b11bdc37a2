"""Runs a command in a process group of its own: measured.py REPORT LIMIT BOUND COMMAND...

Writes "STATUS PROCESSOR_SECONDS PEAK_KIB TIMED_OUT" to REPORT: of the command and of all that it started, whether it
waited for it or not. The peak is the most that they had to themselves at one moment, looked at every INTERVAL seconds,
or that one of them had, if that is more. At LIMIT seconds of wall time all of them are killed, and where
BOUND is 1 at ten seconds of processor time or 700 MB: more than is allowed, so that an attack that got through fills
no machine.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time

INTERVAL = 0.05
# what the command leaves behind has this long to end by itself; a stack goes on, by design
GRACE = 1
SUBREAPER = 36
TICKS = os.sysconf('SC_CLK_TCK')
PAGE = os.sysconf('SC_PAGE_SIZE')


def descendants():
    """Processes below this one, each with the fields of /proc/PID/stat behind its name."""
    children = {}
    for name in os.listdir('/proc'):
        try:
            stat = open(f'/proc/{name}/stat').read() if name.isdigit() else ''
        except OSError:
            continue
        fields = stat[stat.rfind(')') + 2 :].split()
        if fields and fields[0] != 'Z':
            children.setdefault(int(fields[1]), []).append((int(name), fields))
    found, todo = [], [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += [pid for pid, _ in below]
    return found


def private_kib(pid):
    try:
        _, resident, shared, *_ = map(int, open(f'/proc/{pid}/statm').read().split())
        return (resident - shared) * PAGE // 1024
    except OSError:
        return 0


def seconds(processes):
    """Processor time of processes, and of what they waited for."""
    return sum(int(field) for _, fields in processes for field in fields[11:15]) / TICKS


def reap():
    """Takes note of what ended and was left to us."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


report, limit, bound, *command = sys.argv[1:]
ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
began, late, peak, spent = time.monotonic(), 0, 0, 0


def look():
    """What runs now, and how much memory it has to itself, in KiB."""
    below = descendants()
    return below, sum(private_kib(pid) for pid, _ in below)


child = subprocess.Popen(command, start_new_session=True)
while child.poll() is None:
    below, kib = look()
    peak = max(peak, kib)
    late = int(time.monotonic() - began > float(limit))
    # what is killed below may be waited for by nobody, and is in no usage then
    spent = max(spent, seconds(below))
    if late or (bound == '1' and (spent > 10 or kib > 700 * 1024)):
        for pid, _ in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        break
    time.sleep(INTERVAL)
status = child.wait()
ended = time.monotonic()
below, kib = look()
while below and time.monotonic() - ended < GRACE:
    peak = max(peak, kib)
    reap()
    time.sleep(INTERVAL)
    below, kib = look()
reap()
left = seconds(below)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(report, 'w') as file:
    processor = max(spent, used.ru_utime + used.ru_stime + left)
    file.write(f'{status} {processor} {max(peak, used.ru_maxrss)} {late}')

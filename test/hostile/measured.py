"""Runs a command in a process group of its own: measured.py REPORT LIMIT BOUND COMMAND...

Writes "STATUS PROCESSOR_SECONDS PEAK_KIB TIMED_OUT" to REPORT; peak and time are those of the command and of what it
waited for. At LIMIT seconds of wall time the group is killed, and where BOUND is 1 at seven seconds of processor time or
700 MB of the command itself: more than is allowed, so that an attack that got through fills no machine.
"""

import os
import resource
import signal
import subprocess
import sys
import time

report, limit, bound, *command = sys.argv[1:]
TICK = 1 / os.sysconf('SC_CLK_TCK')
PAGE = os.sysconf('SC_PAGE_SIZE')


def is_over(pid):
    """Whether it took more than the bound allows."""
    with open(f'/proc/{pid}/stat') as file:
        fields = file.read().rpartition(') ')[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK > 7 or int(fields[21]) * PAGE > 700 * 2**20


child = subprocess.Popen(command, start_new_session=True)
end = time.monotonic() + float(limit)
late = 0
while True:
    try:
        status = child.wait(0.2)
        break
    except subprocess.TimeoutExpired:
        late = int(time.monotonic() > end)
        if late or (bound == '1' and is_over(child.pid)):
            os.killpg(child.pid, signal.SIGKILL)
            status = child.wait()
            break
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(report, 'w') as file:
    file.write(f'{status} {used.ru_utime + used.ru_stime} {used.ru_maxrss} {late}')

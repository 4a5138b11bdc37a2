"""Runs a command in a process group of its own: measured.py REPORT LIMIT COMMAND...

Writes "STATUS PROCESSOR_SECONDS PEAK_KIB TIMED_OUT" to REPORT; peak and time are those of the command and of what it
waited for. At LIMIT seconds of wall time the group is killed.
"""

import os
import resource
import signal
import subprocess
import sys

report, limit, *command = sys.argv[1:]
child = subprocess.Popen(command, start_new_session=True)
late = 0
try:
    status = child.wait(float(limit))
except subprocess.TimeoutExpired:
    late = 1
    os.killpg(child.pid, signal.SIGKILL)
    status = child.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(report, 'w') as file:
    file.write(f'{status} {used.ru_utime + used.ru_stime} {used.ru_maxrss} {late}')

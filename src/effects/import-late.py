"""Imports what a service loads only when it is first asked for it, as that service would.

import-late.py PID MODULE:NAME...   PID is the service's process: its environment, folder and user are taken over. 0 where none runs.
"""

import importlib
import os
import sys
import traceback


def become(pid):
    with open(f'/proc/{pid}/environ', 'rb') as file:
        pairs = [part.split(b'=', 1) for part in file.read().split(b'\0') if b'=' in part]
    os.environb.clear()
    os.environb.update(pairs)
    sys.path[:0] = [part for part in os.environ.get('PYTHONPATH', '').split(':') if part]
    os.chdir(f'/proc/{pid}/cwd')
    owner = os.stat(f'/proc/{pid}')
    if os.getuid() == 0:
        os.initgroups(name_of(owner.st_uid), owner.st_gid)
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def name_of(number):
    import pwd

    return pwd.getpwuid(number).pw_name


def load(value):
    module, _, names = value.partition(':')
    found = importlib.import_module(module)
    for name in names.split('.') if names else []:
        found = getattr(found, name)


sys.dont_write_bytecode = True
if sys.argv[1] != '0':
    become(sys.argv[1])
for value in sys.argv[2:]:
    try:
        load(value)
        print(f'imported {value}')
    except BaseException:
        print(f'refused {value}')
        traceback.print_exc(file=sys.stdout)

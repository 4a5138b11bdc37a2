"""Imports what a service loads only when it is first asked for it, as that service would.

import-late.py PID WORD...   PID is the service's process: its environment, folder and user are taken over. 0 where none runs.
A word is MODULE:NAME, or JSON about a provider of logins: its "value", the "settings" of wazo-auth, "logins" to try.
"""

import importlib
import json
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
    return found


class Dependencies(dict):
    def __missing__(self, name):
        from unittest.mock import MagicMock

        return MagicMock(name=name)


def say_what_it_takes(value, settings, logins):
    """Which of the logins a provider takes for its own: then wazo-auth asks nobody else about it."""
    provider = load(value)()
    provider.load(Dependencies(config=settings))
    for login in logins:
        if provider.can_authenticate({'login': login, 'password': 'wdev-nobody'}):
            print(f'takes {value} {login}')
            return


sys.dont_write_bytecode = True
if sys.argv[1] != '0':
    become(sys.argv[1])
for value in sys.argv[2:]:
    if value.startswith('{'):
        try:
            say_what_it_takes(**json.loads(value))
        except BaseException:
            pass
        continue
    try:
        load(value)
        print(f'imported {value}')
    except BaseException:
        print(f'refused {value}')
        traceback.print_exc(file=sys.stdout)

# SPDX-License-Identifier: # @= license @#
"""Salted hashes of passwords in a file that only its owner can read.

Run as a program it asks for a password, and prints the line of a login.
"""

import getpass
import hashlib
import hmac
import os
import secrets
import stat
import sys


def hashed(password: str, salt: str) -> str:
    """Return the hash of a password. It takes a while on purpose."""
    key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1)
    return key.hex()


def line_of(login: str, password: str) -> str:
    salt = secrets.token_hex(16)
    return f'{login}:{salt}:{hashed(password, salt)}'


def is_right(path: str, login: str, password: str) -> bool:
    """Compare with the line of the login. Raises OSError where there is no such file."""
    salt, expected = 'of nobody', ''
    with open(path, encoding='utf-8') as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise PermissionError(f'{path} can be read by others: chmod 600')
        for line in file:
            name, _, rest = line.rstrip('\n').partition(':')
            if name == login:
                salt, _, expected = rest.partition(':')
    # also for an unknown login, so that the time tells nothing
    return hmac.compare_digest(hashed(password, salt), expected)


if __name__ == '__main__':
    print(line_of(sys.argv[1], getpass.getpass()))

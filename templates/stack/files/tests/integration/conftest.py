# SPDX-License-Identifier: # @= license @#
"""Fixtures of the tests that ask a server; `wdev test --target T` says which one."""

import base64
import json
import os
import shlex
import ssl
import subprocess
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

URL, TOKEN, CERTIFICATE, SHELL = (
    os.environ.get(f'WAZO_{name}') for name in ('URL', 'TOKEN', 'CERTIFICATE', 'SHELL')
)
# a server that has said nothing by then is stuck
SECONDS = 60
# of timeout, as its own shell and others tell it
LATE = (124, 137, -9)
# without a server there is nothing to ask
collect_ignore_glob = [] if URL or SHELL else ['test_*.py']


def pytest_configure(config):
    config.addinivalue_line('markers', 'integration: asks a server (wdev test)')


def context():
    """Trust the certificate of the server, whatever name it is for, or the usual ones."""
    trusted = ssl.create_default_context(cafile=CERTIFICATE)
    if CERTIFICATE:
        trusted.check_hostname = False
        trusted.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return trusted


@pytest.fixture(scope='session')
def wazo():
    """Return a function: path on the server -> status and body of the answer.

    It asks with the token of the run, with another one (`token=None`: without), or with
    a login, as in `name:password`. It posts what is given as `body`, or uses `method`.
    """
    if not URL or not TOKEN:
        pytest.skip('the HTTP API needs WAZO_URL and WAZO_TOKEN')
    trusted = context()

    def ask(path, body=None, token=TOKEN, login=None, method=None):
        headers = {'Content-Type': 'application/json'}
        if login:
            word = base64.b64encode(login.encode()).decode()
            headers['Authorization'] = f'Basic {word}'
        elif token:
            headers['X-Auth-Token'] = token
        data = None if body is None else json.dumps(body).encode()
        request = Request(f'{URL}/{path}', data, headers, method=method)
        try:
            with urlopen(request, context=trusted, timeout=SECONDS) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as error:
            status, text = error.code, error.read().decode()
        try:
            result: Any = json.loads(text)
        except ValueError:
            result = text
        return status, result

    return ask


@pytest.fixture(scope='session')
def limited():
    """Return a function: words for the server's shell, as root -> what they print.

    There they end in time, with all that they started.
    """
    if not SHELL:
        pytest.skip('a shell on the server needs WAZO_SHELL')
    words = shlex.split(SHELL)

    def run(command):
        try:
            done = subprocess.run(
                [*words, f'timeout -k 5 {SECONDS} {command}'],
                capture_output=True,
                text=True,
                check=False,
                timeout=SECONDS + 10,
            )
        except subprocess.TimeoutExpired:
            pytest.fail(f'the server does not answer: {command}')
        if done.returncode in LATE:
            pytest.fail(f'no answer within {SECONDS} seconds: {command}')
        if done.returncode == 126:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope='session')
def shell(limited):
    """Return a function: a command for the server's shell, as root -> what it prints."""
    return lambda command: limited(f'sh -c {shlex.quote(command)}')


@pytest.fixture(scope='session')
def disposable():
    """Skip what changes a server, unless it is a stack of `wdev stack up`."""
    if not os.environ.get('WAZO_DISPOSABLE'):
        pytest.skip('it changes the server, so it runs on a disposable stack only')


@pytest.fixture(scope='session')
def asterisk(limited):
    """Return a function: a command of Asterisk's console -> what it answers."""

    def ask(command):
        return limited(f'asterisk -rx {shlex.quote(command)}')

    # 126 and 127 of a shell: there is no such program
    if 'Asterisk' not in limited("asterisk -rx 'core show version' || [ $? = 127 ]"):
        pytest.skip('the server has no Asterisk')
    return ask
# @_ if (isAgi) { _@#


# what Asterisk says of a call, and does as it is told
CALL = """
import socket, sys
with socket.create_connection(('127.0.0.1', 4573), 10) as call:
    script, *words = sys.argv[1:]
    said = ['agi_network: yes', f'agi_network_script: {script}']
    said += [f'agi_arg_{number}: {word}' for number, word in enumerate(words, 1)]
    call.sendall('\\n'.join([*said, '', '']).encode())
    for line in call.makefile('rb'):
        print(line.decode(), end='')
        call.sendall(b'200 result=1\\n')
"""


@pytest.fixture(scope='session')
def agid(shell):
    """Return a function: a handler and its arguments -> what wazo-agid has Asterisk do."""
    return lambda *words: shell(shlex.join(['python3', '-c', CALL, *words]))
# @_ } _@#

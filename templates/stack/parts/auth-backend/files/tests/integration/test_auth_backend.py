# SPDX-License-Identifier: # @= license @#
"""wazo-auth has the provider, and lets in whom the backend knows."""

import secrets
import shlex
import time

import pytest

pytestmark = pytest.mark.integration

PACKAGE = 'acme_example.auth_backend'
MODULE = f'{PACKAGE}.idp'
TOKENS = 'api/auth/0.1/token'
DOMAIN = 'acme-example.invalid'
# the first file by name wins
SETTINGS = '/etc/wazo-auth/conf.d/00-acme-example-test.yml'
PASSWORDS = '/var/lib/wazo-auth/acme-example-test'


def test_a_login_that_does_not_exist_is_refused(wazo):
    status, _ = wazo(TOKENS, {'expiration': 1}, login='nobody:nothing')
    assert status == 401


@pytest.fixture
def restart(wazo, shell):
    """Return a function that restarts wazo-auth, and waits until it answers."""

    def run():
        shell('systemctl restart wazo-auth')
        until = time.monotonic() + 60
        while wazo('api/auth/0.1/backends')[0] != 200:
            assert time.monotonic() < until, 'wazo-auth does not answer'
            time.sleep(0.1)

    return run


@pytest.fixture
def user(wazo, shell, restart, disposable):
    """Return a user of wazo-auth, whose password the backend alone knows."""
    name, password = f'ann@{DOMAIN}', secrets.token_urlsafe()
    told = f'print(passwords.line_of({name!r}, {password!r}))'
    code = f'from {PACKAGE} import passwords; {told}'
    line = shell(shlex.join(['python3', '-c', code])).strip()
    others = {'email_address': name, 'password': secrets.token_urlsafe()}
    status, made = wazo('api/auth/0.1/users', {'username': name, **others})
    assert status == 200, made
    tenant = made['tenant_uuid']
    settings = f'{{domains: {{{DOMAIN}: {tenant}}}, password_file: {PASSWORDS}}}'
    try:
        shell(
            f'install -m 600 -o wazo-auth /dev/null {PASSWORDS}\n'
            f'echo {shlex.quote(line)} >{PASSWORDS}\n'
            f"echo 'acme_example: {settings}' >{SETTINGS}"
        )
        restart()
        yield {**made, 'username': name, 'password': password}
    finally:
        shell(f'rm -f {PASSWORDS} {SETTINGS}')
        restart()
        wazo(f'api/auth/0.1/users/{made["uuid"]}', method='DELETE')


def test_a_login_of_its_own_gets_a_token(wazo, user):
    name, password = user['username'], user['password']
    status, answer = wazo(TOKENS, {'expiration': 60}, login=f'{name}:{password}')
    assert status == 200, answer
    token = answer['data']['token']
    status, answer = wazo(f'{TOKENS}/{token}')
    assert (status, answer['data']['metadata']['uuid']) == (200, user['uuid'])
    assert wazo(TOKENS, {'expiration': 60}, login=f'{name}:wrong')[0] == 401


def test_the_services_python_has_it(shell):
    shell(f"/usr/bin/python3 -c 'import {MODULE}'")

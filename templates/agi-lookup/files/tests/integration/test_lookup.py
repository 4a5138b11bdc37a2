# SPDX-License-Identifier: # @= license @#
"""Asterisk has the subroutine, and wazo-agid the handler."""

import shlex

import pytest

pytestmark = pytest.mark.integration

SCRIPT = 'acme_example_lookup'

# what Asterisk says of a call, and does as it is told
CALL = f"""
import socket
with socket.create_connection(('127.0.0.1', 4573), 10) as call:
    call.sendall(b'agi_network: yes\\nagi_network_script: {SCRIPT}\\n')
    call.sendall(b'agi_arg_1: 0612345678\\n\\n')
    told = call.makefile('rb')
    for line in told:
        print(line.decode(), end='')
        call.sendall(b'200 result=1\\n')
"""


def test_the_subroutine(asterisk):
    assert SCRIPT in asterisk('dialplan show acme-example-lookup')


def test_the_handler_asks_whose_call_it_is(shell):
    assert 'WAZO_TENANT_UUID' in shell(f'python3 -c {shlex.quote(CALL)}')

# SPDX-License-Identifier: # @= license @#
"""wazo-agid has the handler."""

import shlex

import pytest

pytestmark = pytest.mark.integration


SCRIPT = 'acme_example'

# what Asterisk says of a call, and does as it is told
CALL = f"""
import socket
with socket.create_connection(('127.0.0.1', 4573), 10) as call:
    call.sendall(b'agi_network: yes\\nagi_network_script: {SCRIPT}\\nagi_arg_1: 101\\n\\n')
    told = call.makefile('rb')
    for line in told:
        print(line.decode(), end='')
        call.sendall(b'200 result=1\\n')
"""


def test_a_call_gets_its_variable(shell):
    told = shell(f'python3 -c {shlex.quote(CALL)}')
    assert 'SET VARIABLE' in told
    assert 'ACME_EXAMPLE' in told
    assert 'Hello 101' in told

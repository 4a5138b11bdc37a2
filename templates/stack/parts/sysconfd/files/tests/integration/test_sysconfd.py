# SPDX-License-Identifier: # @= license @#
"""wazo-sysconfd serves the routes, on the server alone."""

import json

import pytest

pytestmark = pytest.mark.integration


URL = 'http://127.0.0.1:8668/acme/example/motd'


def test_the_message(shell):
    assert set(json.loads(shell(f'curl -sf {URL}'))) == {'text'}

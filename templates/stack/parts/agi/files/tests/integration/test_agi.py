# SPDX-License-Identifier: # @= license @#
"""wazo-agid has the handler."""

import pytest

pytestmark = pytest.mark.integration


def test_a_call_gets_its_variable(agid):
    told = agid('acme_example', '101')
    assert 'SET VARIABLE' in told
    assert 'ACME_EXAMPLE' in told
    assert 'Hello 101' in told

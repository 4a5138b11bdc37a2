# SPDX-License-Identifier: # @= license @#
"""wazo-agentd serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/agentd/1.0/acme/example/breaks')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/agentd/1.0/acme/example/breaks', token=None)[0] == 401

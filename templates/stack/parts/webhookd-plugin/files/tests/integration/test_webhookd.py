# SPDX-License-Identifier: # @= license @#
"""wazo-webhookd serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/webhookd/1.0/acme/example/tests')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/webhookd/1.0/acme/example/tests', token=None)[0] == 401

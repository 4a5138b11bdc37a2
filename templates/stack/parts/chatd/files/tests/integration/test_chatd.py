# SPDX-License-Identifier: # @= license @#
"""wazo-chatd serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/chatd/1.0/acme/example/absences')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/chatd/1.0/acme/example/absences', token=None)[0] == 401

# SPDX-License-Identifier: # @= license @#
"""wazo-confd serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/confd/1.1/acme/example/quiet-users')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/confd/1.1/acme/example/quiet-users', token=None)[0] == 401

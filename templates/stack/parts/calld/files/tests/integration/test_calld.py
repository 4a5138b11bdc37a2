# SPDX-License-Identifier: # @= license @#
"""wazo-calld serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/calld/1.0/acme/example/labels')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/calld/1.0/acme/example/labels', token=None)[0] == 401

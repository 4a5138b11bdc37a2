# SPDX-License-Identifier: # @= license @#
"""wazo-amid serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/amid/1.0/acme/example/variables')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/amid/1.0/acme/example/variables', token=None)[0] == 401

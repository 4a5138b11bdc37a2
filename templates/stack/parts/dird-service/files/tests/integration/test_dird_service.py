# SPDX-License-Identifier: # @= license @#
"""wazo-dird serves the route of the service."""

import pytest

pytestmark = pytest.mark.integration


def test_the_route_asks_for_a_token(wazo):
    path = 'api/dird/0.1/acme/example/callers/0123456789'
    assert wazo(path, token=None)[0] == 401

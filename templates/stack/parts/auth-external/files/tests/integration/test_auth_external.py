# SPDX-License-Identifier: # @= license @#
"""wazo-auth serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_route_asks_for_a_token(wazo):
    nobody = '00000000-0000-0000-0000-000000000000'
    path = f'api/auth/0.1/users/{nobody}/external/acme_example'
    assert wazo(path, token=None)[0] == 401

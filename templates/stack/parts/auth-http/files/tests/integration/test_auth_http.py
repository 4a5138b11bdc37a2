# SPDX-License-Identifier: # @= license @#
"""wazo-auth serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_the_list(wazo):
    status, answer = wazo('api/auth/0.1/acme/example/sign-outs')
    assert (status, set(answer)) == (200, {'items', 'total'})
    assert wazo('api/auth/0.1/acme/example/sign-outs', token=None)[0] == 401

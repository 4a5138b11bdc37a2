# SPDX-License-Identifier: # @= license @#
"""wazo-dird serves the view."""

import pytest

pytestmark = pytest.mark.integration


def test_the_view_asks_for_a_token(wazo):
    path = 'api/dird/0.1/acme/example/names?number=5550100'
    assert wazo(path, token=None)[0] == 401

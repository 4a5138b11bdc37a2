# SPDX-License-Identifier: # @= license @#
"""wazo-calld serves the route."""

import pytest

pytestmark = pytest.mark.integration

PATH = 'api/calld/1.0/users/me/acme/example/clicks'


def test_the_route_asks_for_a_token(wazo):
    assert wazo(PATH, {'number': '101'}, token=None)[0] == 401


def test_what_is_no_number_is_a_bad_request(wazo):
    assert wazo(PATH, {'number': 'Bob'})[0] == 400

# SPDX-License-Identifier: # @= license @#
"""wazo-phoned serves the routes, on the server alone."""

import pytest

pytestmark = pytest.mark.integration


URL = 'http://127.0.0.1:9498/0.1/acme/example/lamps'


def test_the_route_asks_for_a_token(shell):
    assert shell(f"curl -s -o /dev/null -w '%{{http_code}}' {URL}") == '401'

# SPDX-License-Identifier: # @= license @#
"""wazo-ui has the page, for users who are logged in."""

import pytest

pytestmark = pytest.mark.integration

# with -b '' curl keeps cookies, so the login page shows what it was told
URL = 'http://127.0.0.1:9296/acme-example-apps/'


def test_the_page_asks_for_a_login(shell):
    answer = shell(f"curl -sfL -b '' {URL}")
    assert 'please login again' in answer, 'a page that is not there is another answer'

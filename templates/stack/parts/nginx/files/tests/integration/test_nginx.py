# SPDX-License-Identifier: # @= license @#
"""nginx serves the page."""

import pytest

pytestmark = pytest.mark.integration


def test_the_page(wazo):
    status, page = wazo('acme-example/')
    assert status == 200
    assert 'acme-example' in page

# SPDX-License-Identifier: # @= license @#
"""wazo-chatd has the connector."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_listed(wazo):
    status, answer = wazo('api/chatd/1.0/connectors')
    assert status == 200
    assert 'acme_example' in str(answer)

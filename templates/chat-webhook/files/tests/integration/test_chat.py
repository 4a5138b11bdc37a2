# SPDX-License-Identifier: # @= license @#
"""wazo-webhookd has the type of webhook."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_listed(wazo):
    status, answer = wazo('api/webhookd/1.0/subscriptions/services')
    assert status == 200
    assert 'acme_example_chat' in str(answer)

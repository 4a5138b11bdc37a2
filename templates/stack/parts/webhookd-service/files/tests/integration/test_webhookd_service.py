# SPDX-License-Identifier: # @= license @#
"""wazo-webhookd offers the service to subscriptions."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_listed(wazo):
    status, answer = wazo('api/webhookd/1.0/subscriptions/services')
    assert status == 200
    assert 'acme_example' in str(answer)

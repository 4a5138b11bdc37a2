# SPDX-License-Identifier: # @= license @#
"""wazo-auth has the policy."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_there(wazo):
    status, answer = wazo('api/auth/0.1/policies?search=acme_example_policy')
    assert status == 200
    assert 'acme_example_policy' in [policy['slug'] for policy in answer['items']]

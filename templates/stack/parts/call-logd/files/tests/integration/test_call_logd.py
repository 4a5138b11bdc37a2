# SPDX-License-Identifier: # @= license @#
"""wazo-call-logd serves the routes."""

import pytest

pytestmark = pytest.mark.integration


def test_a_report(wazo):
    period = 'from=2026-01-01T00:00:00&until=2026-01-08T00:00:00'
    path = f'api/call-logd/1.0/acme/example/reports?{period}'
    status, answer = wazo(path)
    assert status == 200, answer
    assert all(isinstance(count, int) for count in answer.values())
    assert wazo(path, token=None)[0] == 401

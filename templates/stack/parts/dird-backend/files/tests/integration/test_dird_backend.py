# SPDX-License-Identifier: # @= license @#
"""wazo-dird has the backend."""

import pytest

pytestmark = pytest.mark.integration


def test_its_sources(wazo):
    status, answer = wazo('api/dird/0.1/backends/acme_example/sources')
    assert status == 200
    assert isinstance(answer['items'], list)

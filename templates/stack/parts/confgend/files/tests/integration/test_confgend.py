# SPDX-License-Identifier: # @= license @#
"""wazo-confgend generates the file."""

import pytest

pytestmark = pytest.mark.integration


def test_it_is_generated(shell):
    assert shell('wazo-confgen asterisk/example.conf').strip() != ''

# SPDX-License-Identifier: # @= license @#
"""wazo-confgend generates the file."""

import pytest

pytestmark = pytest.mark.integration

FILE = 'asterisk/example.conf'


def test_it_is_generated(shell):
    assert shell(f'wazo-confgen {FILE}').strip() != ''

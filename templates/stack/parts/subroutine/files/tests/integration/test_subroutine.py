# SPDX-License-Identifier: # @= license @#
"""Asterisk has the subroutine."""

import pytest

pytestmark = pytest.mark.integration


def test_its_context(asterisk):
    assert 'Return()' in asterisk('dialplan show acme-example-subroutine')

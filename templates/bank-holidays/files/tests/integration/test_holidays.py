# SPDX-License-Identifier: # @= license @#
"""Asterisk has the subroutine and the days."""

import pytest

pytestmark = pytest.mark.integration


def test_the_subroutine(asterisk):
    assert 'please-try-call-later' in asterisk('dialplan show acme-example-closed')


def test_the_days(asterisk):
    # Christmas, of one year or of every year
    assert "1225' =>" in asterisk('dialplan show acme-example-holidays')


def test_the_extension(asterisk):
    answer = asterisk('dialplan show ***45@xivo-extrafeatures')
    assert 'acme-example-today' in answer

# SPDX-License-Identifier: # @= license @#
"""Asterisk has the extension."""

import pytest

pytestmark = pytest.mark.integration


def test_the_extension(asterisk):
    answer = asterisk('dialplan show ***42@xivo-extrafeatures')
    assert 'acme-example' in answer


def test_what_callers_hear(asterisk):
    assert 'Playback' in asterisk('dialplan show acme-example')

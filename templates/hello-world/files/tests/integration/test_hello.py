# SPDX-License-Identifier: # @= license @#
"""Asterisk has the extension."""

import pytest

pytestmark = pytest.mark.integration


def test_the_extension(asterisk):
    answer = asterisk('dialplan show ***41@xivo-extrafeatures')
    assert 'acme-example-hello' in answer


def test_what_callers_hear(asterisk):
    assert 'Echo()' in asterisk('dialplan show acme-example-hello')

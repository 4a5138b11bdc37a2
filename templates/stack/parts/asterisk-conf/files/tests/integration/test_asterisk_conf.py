# SPDX-License-Identifier: # @= license @#
"""Asterisk takes the settings."""

import pytest

pytestmark = pytest.mark.integration


def test_asterisk_reads_them(asterisk):
    answer = asterisk('acme-reload')
    for refusal in ('No such command', 'No such module', 'fail', 'not properly'):
        assert refusal not in answer

# SPDX-License-Identifier: # @= license @#
"""Asterisk can play the sounds."""

import pytest

pytestmark = pytest.mark.integration


SOUND = '/usr/share/asterisk/sounds/acme-example/greeting.wav'


def test_asterisk_reads_it(asterisk):
    assert 'Converted' in asterisk(f'file convert {SOUND} /tmp/acme-example.ulaw')

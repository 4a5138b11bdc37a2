# SPDX-License-Identifier: # @= license @#
"""Asterisk can play the theme."""

import pytest

pytestmark = pytest.mark.integration

THEME = 'acme-example'
SOUNDS = f'/usr/share/asterisk/sounds/{THEME}'


@pytest.mark.parametrize('name', ['chime', 'welcome', 'busy', 'goodbye'])
def test_asterisk_reads_the_sounds(asterisk, name):
    command = f'file convert {SOUNDS}/{name}.wav /tmp/{THEME}-{name}.ulaw'
    assert 'Converted' in asterisk(command)


def test_the_music_on_hold(asterisk):
    assert THEME in asterisk('moh show classes')


def test_the_extension(asterisk):
    answer = asterisk('dialplan show ***46@xivo-extrafeatures')
    assert 'acme-example-theme' in answer

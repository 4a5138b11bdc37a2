# SPDX-License-Identifier: # @= license @#
"""Asterisk can play every sound, none is too loud, and the dialplan names no others."""

import array
import re
import sys
import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARE = ROOT / 'usr/share/asterisk'
SOUNDS = sorted(SHARE.rglob('*.wav'))
DIALPLAN = ROOT / 'etc/asterisk/extensions_extra.d/acme-example-theme.conf'
MUSIC = ROOT / 'etc/asterisk/musiconhold.d/50-acme-example.conf'


def samples(path):
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (
            8000,
            2,
            1,
        )
        values = array.array('h', sound.readframes(sound.getnframes()))
    if sys.byteorder == 'big':
        values.byteswap()
    return values


@pytest.mark.parametrize('path', SOUNDS, ids=lambda path: path.name)
def test_a_sound_is_of_the_form_that_asterisk_plays(path):
    values = samples(path)
    assert 0.3 < len(values) / 8000 < 30, 'seconds'
    assert (
        2000 < max(abs(value) for value in values) < 30000
    ), 'neither silent nor clipped'
    assert abs(sum(values) / len(values)) < 200, 'no offset, which clicks'


def test_the_dialplan_names_sounds_of_the_theme():
    text = DIALPLAN.read_text(encoding='utf-8')
    named = re.findall(r'acme-example/(\w+)', text)
    assert sorted(named) == sorted(
        path.stem for path in SOUNDS if path.parent.parent.name == 'sounds'
    )


def test_the_music_class_has_music():
    text = MUSIC.read_text(encoding='utf-8')
    (folder,) = re.findall('^directory = (.+)$', text, re.MULTILINE)
    (name,) = re.findall(r'^\[(.+)\]$', text, re.MULTILINE)
    assert list((ROOT / folder.lstrip('/')).glob('*.wav'))
    assert f'MusicOnHold({name},' in DIALPLAN.read_text(encoding='utf-8')

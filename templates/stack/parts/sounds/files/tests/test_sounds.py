# SPDX-License-Identifier: # @= license @#
"""Asterisk can play the sounds: it takes WAV of 8000 Hz, 16 bit, mono."""

import wave
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'usr/share/asterisk/sounds' / 'acme-example'
SOUNDS = sorted(FOLDER.rglob('*.wav'))


def test_there_are_sounds():
    assert SOUNDS


@pytest.mark.parametrize('path', SOUNDS, ids=lambda path: path.name)
def test_format(path):
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (
            8000,
            2,
            1,
        )
        assert sound.getnframes() > 0

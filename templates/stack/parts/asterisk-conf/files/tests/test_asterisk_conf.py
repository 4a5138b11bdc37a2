# SPDX-License-Identifier: # @= license @#
"""Asterisk can read the settings."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'etc' / 'asterisk' / 'acmefolder.d'
FILES = sorted(FOLDER.glob('*.conf'))


def test_every_line_is_a_section_or_a_setting():
    assert FILES
    for file in FILES:
        lines = [
            line.split(';')[0].strip()
            for line in file.read_text(encoding='utf-8').splitlines()
        ]
        lines = [line for line in lines if line]
        assert re.fullmatch(
            r'\[[\w-]+\](\(\S+\))?', lines[0]
        ), 'a setting is in no section'
        for line in lines:
            assert line.startswith(('[', '#')) or re.match(r'[\w.-]+\s*=', line), line

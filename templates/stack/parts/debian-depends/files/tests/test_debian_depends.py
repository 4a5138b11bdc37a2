# SPDX-License-Identifier: # @= license @#
"""Names of Debian packages, as Debian allows them."""

import re
from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent
ENTRY = re.compile(r'[a-z0-9][a-z0-9+.-]+( \((<<|<=|=|>=|>>) \S+\))?')


def test_debian_depends():
    plugin = yaml.safe_load((ROOT / 'wazo' / 'plugin.yml').read_text(encoding='utf-8'))
    assert plugin['debian_depends']
    assert all(ENTRY.fullmatch(entry) for entry in plugin['debian_depends'])

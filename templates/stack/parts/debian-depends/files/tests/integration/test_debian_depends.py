# SPDX-License-Identifier: # @= license @#
"""The packages are installed."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.integration


ROOT = Path(__file__).resolve().parent.parent.parent


def test_each_is_installed(shell):
    yaml = pytest.importorskip('yaml')
    plugin = yaml.safe_load((ROOT / 'wazo' / 'plugin.yml').read_text(encoding='utf-8'))
    for entry in plugin['debian_depends']:
        name = entry.split()[0]
        assert 'ok installed' in shell(f"dpkg-query -W -f '${{Status}}' {name}")

# SPDX-License-Identifier: # @= license @#
"""wazo/plugin.yml passes wazo-plugind's validation."""

import re
from pathlib import Path

import pytest

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def plugin():
    return yaml.safe_load((ROOT / 'wazo' / 'plugin.yml').read_text(encoding='utf-8'))


def test_names(plugin):
    assert re.fullmatch(r'[a-z0-9-]+', plugin['name'])
    assert re.fullmatch(r'[a-z0-9]+', plugin['namespace'])


def test_version_is_text(plugin):
    assert isinstance(plugin['version'], str), 'without quotes 1.10 is the number 1.1'
    assert re.fullmatch(r'[0-9][A-Za-z0-9.+~-]*', plugin['version'])


def test_format_version_calls_postrm(plugin):
    assert plugin['plugin_format_version'] in (1, 2)

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


def test_versions_are_texts(plugin):
    # without quotes 1.10 is the number 1.1
    for key in ('version', 'min_wazo_version', 'max_wazo_version'):
        assert isinstance(plugin.get(key, ''), str)
    assert re.fullmatch(r'[0-9][A-Za-z0-9.+~:-]*', plugin['version'])


def test_format_version_is_a_number(plugin):
    assert plugin['plugin_format_version'] in (0, 1, 2)


def test_rules_have_what_the_format_version_calls(plugin):
    rules = (ROOT / 'wazo' / 'rules').read_text(encoding='utf-8')
    assert ('postrm)' in rules) == (plugin['plugin_format_version'] > 0)


def test_versions_in_depends_need_format_version_2(plugin):
    versioned = [entry for entry in plugin['depends'] if 'version' in entry]
    assert not versioned or plugin['plugin_format_version'] == 2

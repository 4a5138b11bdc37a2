# SPDX-License-Identifier: # @= license @#
"""The text that the driver generates."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from acme_driver.package.driver import ExampleDriver

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / 'etc' / 'wazo-confgend' / 'conf.d' / '50-acme-example.yml'
CONFIG = yaml.safe_load(CONF.read_text(encoding='utf-8'))
FILE = ROOT / 'tests' / 'golden' / 'generated.conf'
GOLDEN = FILE.read_text(encoding='utf-8')


def generate(settings: Any) -> str:
    config = {'acme_example': settings}
    dependencies = {'config': config, 'tpl_helper': None}
    driver = ExampleDriver(dependencies)
    return driver.generate()


def test_the_shipped_settings_give_the_golden_file():
    assert generate(CONFIG['acme_example']) == GOLDEN


# @_ if (isYaml) { _@#
@pytest.mark.parametrize('settings', [None, {}, {'content': None}])
def test_without_settings_it_is_an_empty_mapping(settings):
    assert yaml.safe_load(generate(settings)) == {}


def test_it_is_read_back_as_it_was_set():
    content = {'text': 'one: # two', 'list': [1, {'on': True}]}
    assert yaml.safe_load(generate({'content': content})) == content
# @_ } else { _@#
@pytest.mark.parametrize('settings', [None, {}, {'sections': {'general': None}}])
def test_output_is_never_empty(settings):
    assert generate(settings).strip()


def test_a_value_stays_on_its_line():
    options = {'text': 'one; two\n[three]', 'on': True, 'both': [1, 2], 'no': None}
    lines = generate({'sections': {'general': options}}).splitlines()
    assert lines[3:5] == ['text = one\\; two [three]', 'on = yes']
    assert lines[5:] == ['both = 1', 'both = 2', 'no = ']
# @_ } _@#

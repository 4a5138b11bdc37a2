# SPDX-License-Identifier: # @= license @#
"""What the driver generates."""

from pathlib import Path

import pytest

from acme_driver.package.driver import ExampleDriver

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent
CONFIG = yaml.safe_load(
    (ROOT / 'etc/wazo-confgend/conf.d/50-acme-example.yml').read_text(encoding='utf-8')
)
GOLDEN = ROOT / 'tests' / 'golden' / 'generated.conf'


def test_the_shipped_settings_give_the_golden_file():
    driver = ExampleDriver({'config': CONFIG, 'tpl_helper': None})
    assert driver.generate() == GOLDEN.read_text(encoding='utf-8')


def test_the_bare_configuration_gives_the_same():
    assert ExampleDriver(CONFIG).generate() == GOLDEN.read_text(encoding='utf-8')


@pytest.mark.parametrize('settings', [None, {}, {'sections': None}, {'sections': {'general': None}}])
def test_output_is_never_empty(settings):
    output = ExampleDriver({'config': {'acme_example': settings}, 'tpl_helper': None}).generate()
    assert isinstance(output, str)
    assert output.strip()


def test_a_value_stays_on_its_line():
    settings = {'sections': {'general': {'text': 'one; two\n[three]', 'on': True, 'off': False}}}
    lines = ExampleDriver({'acme_example': settings}).generate().splitlines()
    assert lines[3:] == ['text = one\\; two [three]', 'on = yes', 'off = no']

# SPDX-License-Identifier: # @= license @#
"""The text that the driver generates by its template."""

from pathlib import Path

import pytest
import yaml

from acme_driver.package.driver import ExampleDriver

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / 'etc' / 'wazo-confgend' / 'conf.d' / '50-acme-example.yml'
CONFIG = yaml.safe_load(CONF.read_text(encoding='utf-8'))
FILE = ROOT / 'tests' / 'golden' / 'generated.conf'
GOLDEN = FILE.read_text(encoding='utf-8')


class Templates:
    """Finds templates by their names, as wazo-confgend does; render makes the text."""

    def __init__(self, render):
        self._render = render

    def get_template(self, name):
        path = ROOT / 'etc' / 'wazo-confgend' / 'templates' / f'{name}.jinja'
        text = path.read_text(encoding='utf-8')
        self.dump = lambda context: self._render(text, context)
        return self


def generate(config, render):
    dependencies = {'config': config, 'tpl_helper': Templates(render)}
    driver = ExampleDriver(dependencies)
    return driver.generate()


def test_the_template_gets_the_settings():
    given = generate(CONFIG, lambda text, context: repr(context))
    assert given == repr(CONFIG['acme_example'])


@pytest.mark.parametrize('config', [CONFIG, {}])
def test_the_shipped_settings_give_the_golden_file(config):
    jinja2 = pytest.importorskip('jinja2')
    text = generate(config, lambda text, context: jinja2.Template(text).render(context))
    # @_ if (isYaml) { _@#
    wanted = yaml.safe_load(GOLDEN) if config else None
    assert yaml.safe_load(text) == wanted
    # @_ } else { _@#
    wanted = GOLDEN if config else GOLDEN.splitlines()[0]
    assert text.rstrip() == wanted.rstrip()


def test_a_value_stays_on_its_line():
    jinja2 = pytest.importorskip('jinja2')
    options = {'text': 'one; two\n[three]', 'on': True, 'both': [1, 2], 'no': None}
    config = {'acme_example': {'sections': {'general': options, 'empty': None}}}
    text = generate(config, lambda text, context: jinja2.Template(text).render(context))
    lines = text.splitlines()
    assert lines[3:5] == ['text = one\\; two [three]', 'on = yes']
    assert lines[5:] == ['both = 1', 'both = 2', 'no = ', '', '[empty]']
    # @_ } _@#

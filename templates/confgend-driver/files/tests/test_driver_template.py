# SPDX-License-Identifier: # @= license @#
"""What the driver generates by its template."""

from pathlib import Path

import pytest

from acme_driver.package.driver import ExampleDriver

yaml = pytest.importorskip('yaml')

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / 'etc' / 'wazo-confgend' / 'templates'
CONFIG = yaml.safe_load(
    (ROOT / 'etc/wazo-confgend/conf.d/50-acme-example.yml').read_text(encoding='utf-8')
)
GOLDEN = ROOT / 'tests' / 'golden' / 'generated.conf'


class Templates:
    """Finds templates by their names, as the tpl_helper of wazo-confgend does; render makes the text."""

    def __init__(self, render):
        self._render = render

    def get_template(self, name):
        path = TEMPLATES / f'{name}.jinja'
        assert path.is_file()
        self.dump = lambda context: self._render(path.read_text(encoding='utf-8'), context)
        return self


def test_the_template_gets_the_settings():
    given = []
    templates = Templates(lambda text, context: given.append(context) or text)
    driver = ExampleDriver({'config': CONFIG, 'tpl_helper': templates})
    assert driver.generate().strip()
    assert given == [{'sections': CONFIG['acme_example']['sections']}]


def test_the_shipped_settings_give_the_golden_file():
    jinja2 = pytest.importorskip('jinja2')
    templates = Templates(lambda text, context: jinja2.Template(text).render(context))
    driver = ExampleDriver({'config': CONFIG, 'tpl_helper': templates})
    assert driver.generate().rstrip() == GOLDEN.read_text(encoding='utf-8').rstrip()


def test_no_settings_at_all():
    driver = ExampleDriver({'config': {}, 'tpl_helper': Templates(lambda text, context: f'; {context}')})
    assert driver.generate() == "; {'sections': {}}"

# SPDX-License-Identifier: # @= license @#
"""The text that the driver adds to the file that Wazo generates."""

# @_ if (servedByDriver) { _@#
import sys
from pathlib import Path
from typing import Any
# @_ } else { _@#
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
# @_ } _@#

import pytest
import yaml

from acme_driver.package.driver import ExampleDriver

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / 'etc' / 'wazo-confgend' / 'conf.d' / '50-acme-example.yml'
CONFIG = yaml.safe_load(CONF.read_text(encoding='utf-8'))
STOCK = (ROOT / 'tests' / 'stock' / 'generated.conf').read_text(encoding='utf-8')


# @_ if (servedByDriver) { _@#
class WazosDriver:
    """In place of what stevedore finds."""

    def __init__(self, group, name, invoke_on_load, invoke_args):
        assert group == 'wazo_confgend.asterisk.example.conf'
        assert name == 'wazo'
        assert invoke_on_load and invoke_args[0]['config'] is not None
        self.driver = self

    def generate(self):
        return STOCK


@pytest.fixture(autouse=True)
def wazo(monkeypatch):
    module = sys.modules[ExampleDriver.__module__]
    monkeypatch.setattr(module, 'DriverManager', WazosDriver)
    return WazosDriver, 'generate'
# @_ } else { _@#
class WazosFrontend:
    """In place of the class of wazo-confgend."""

    # @_ if (!isYaml) { _@#
    def __init__(self, config, tpl_helper):
        assert config is not None and tpl_helper is not None
    # @_ } else { _@#
    def __init__(self):
        pass
    # @_ } _@#

    def acme_frontend_method(self):
        return STOCK


@pytest.fixture(autouse=True)
def wazo(monkeypatch):
    module = ModuleType('wazo_confgend.acmeresource')
    module.AcmeFrontend = WazosFrontend  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, 'wazo_confgend', ModuleType('wazo_confgend'))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return WazosFrontend, 'acme_frontend_method'
# @_ } _@#


def generate(settings: Any) -> str:
    config = {'acme_example': settings}
    dependencies = {'config': config, 'tpl_helper': object()}
    driver = ExampleDriver(dependencies)
    return driver.generate()


def test_what_wazo_generates_comes_first():
    assert generate(CONFIG['acme_example']).startswith(STOCK)


def test_the_shipped_settings_continue_a_section_of_wazos():
    text = generate(CONFIG['acme_example'])
    added = text.removeprefix(STOCK).splitlines()
    assert added[3:] == ['[acmesection](+)', 'acmeline']


def test_a_section_that_wazo_lacks_is_a_new_one():
    options = {'text': 'one; two\n[three]', 'on': True}
    lines = generate({'sections': {'of-our-own': options}}).splitlines()
    assert lines[-3:] == ['[of-our-own]', 'text = one\\; two [three]', 'on = yes']


@pytest.mark.parametrize('settings', [None, {}, {'sections': None}])
def test_without_settings_it_is_wazos(settings):
    assert generate(settings).startswith(STOCK)


def test_where_wazo_generates_nothing_the_last_good_copy_is_served(monkeypatch, wazo):
    monkeypatch.setattr(*wazo, lambda self: None)
    with pytest.raises(ValueError):
        generate({})

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


def test_the_shipped_settings_are_merged_with_wazos():
    wazos = yaml.safe_load(STOCK)['acmesection']
    merged = yaml.safe_load(generate(CONFIG['acme_example']))['acmesection']
    assert merged == wazos | CONFIG['acme_example']['content']['acmesection']


def test_lists_are_joined_and_other_values_replaced():
    added = {'several': ['ours'], 'from': 'us'}
    merged = yaml.safe_load(generate({'content': {'acmesection': added, 'own': 1}}))
    assert merged == {
        'acmesection': {'several': ['wazo', 'ours'], 'from': 'us'},
        'own': 1,
    }


@pytest.mark.parametrize('settings', [None, {}, {'content': None}])
def test_without_settings_it_is_wazos(settings):
    assert yaml.safe_load(generate(settings)) == yaml.safe_load(STOCK)


def test_where_wazo_generates_nothing_ours_is_all(monkeypatch, wazo):
    monkeypatch.setattr(*wazo, lambda self: None)
    assert yaml.safe_load(generate({'content': {'own': 1}})) == {'own': 1}

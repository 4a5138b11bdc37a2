# SPDX-License-Identifier: # @= license @#
"""The handler of wazo-agid."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE = ROOT / 'usr/lib/python3/dist-packages/wazo_agid/modules/acme_example.py'


class Call:
    """A call, as handlers see it."""

    def __init__(self, **variables):
        self.variables = variables

    def get_variable(self, name):
        return self.variables[name]

    def set_variable(self, name, value):
        self.variables[name] = value


@pytest.fixture(scope='module')
def handler():
    spec = importlib.util.spec_from_file_location('wazo_agid.modules.acme_example', MODULE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.acme_example


def test_caller_of_the_arguments(handler):
    call = Call()
    handler(call, None, ['101'])
    assert call.variables['ACME_EXAMPLE'] == 'Hello 101'


def test_caller_of_the_call(handler):
    call = Call(**{'CALLERID(num)': '102'})
    handler(call, None, [])
    assert call.variables['ACME_EXAMPLE'] == 'Hello 102'


def test_the_dialplan_calls_it_by_its_name(handler):
    dialplan = (ROOT / 'etc/asterisk/extensions_extra.d/acme-example-agi.conf').read_text(encoding='utf-8')
    assert f'agi://${{WAZO_AGID_IP}}/{handler.__name__},' in dialplan

# SPDX-License-Identifier: # @= license @#
"""The handler of wazo-agid."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from wazo_agid import agid

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / 'usr/lib/python3/dist-packages/wazo_agid/modules'
MODULE = MODULES / 'acme_example_agi.py'
DIALPLAN = ROOT / 'etc/asterisk/extensions_extra.d/acme-example-agi.conf'


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
    return runpy.run_path(str(MODULE))['acme_example']


def test_caller_of_the_arguments(handler):
    call = Call()
    handler(call, None, ['101'])
    assert call.variables['ACME_EXAMPLE'] == 'Hello 101'


def test_caller_of_the_call(handler):
    call = Call(**{'CALLERID(num)': '102'})
    handler(call, None, [])
    assert call.variables['ACME_EXAMPLE'] == 'Hello 102'


def test_the_dialplan_calls_it_by_its_name(handler):
    dialplan = DIALPLAN.read_text(encoding='utf-8')
    assert 'exten = s,1,' in dialplan
    assert f'agi://${{WAZO_AGID_IP}}/{handler.__name__},' in dialplan
    assert dialplan.rstrip().endswith('Return()')


def test_it_is_registered_under_its_name(monkeypatch):
    registered: list[Any] = []
    monkeypatch.setattr(agid, 'register', registered.append)
    runpy.run_path(str(MODULE))
    assert [handler.__name__ for handler in registered] == ['acme_example']

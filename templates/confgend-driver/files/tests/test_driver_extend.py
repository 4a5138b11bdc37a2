# SPDX-License-Identifier: # @= license @#
"""What the driver adds."""

from types import SimpleNamespace

import pytest

pytest.importorskip('stevedore')

from acme_driver.package.driver import ExampleDriver  # noqa: E402

STOCK = '[general]\nfrom = wazo\n'
SETTINGS = {'sections': {'general': {'text': 'one; two\n[three]', 'on': True}}}


@pytest.fixture(params=['today', 'guide'])
def driver(request, monkeypatch):
    """Made with either argument, and with a stand-in for Wazo's own driver."""
    config = {'acme_example': SETTINGS}
    driver = ExampleDriver({'config': config, 'tpl_helper': None} if request.param == 'today' else config)
    monkeypatch.setattr(driver, '_stock', SimpleNamespace(generate=lambda: STOCK))
    return driver


def test_what_wazo_generates_comes_first(driver):
    assert driver.generate().startswith(STOCK)


def test_settings_are_added_to_the_section(driver):
    lines = driver.generate().splitlines()
    assert lines[-3:] == ['[general](+)', 'text = one\\; two [three]', 'on = yes']


def test_nothing_is_asked_of_wazo_before_generate(monkeypatch):
    monkeypatch.setattr('acme_driver.package.driver.DriverManager', None)
    ExampleDriver({'config': {}, 'tpl_helper': None})

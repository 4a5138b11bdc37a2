# SPDX-License-Identifier: # @= license @#
"""The launcher tells calllogger of the plugin."""

import os

from acme_example_call_logger.__main__ import main
from acme_example_call_logger.plugin import ExamplePlugin


def test_the_plugin_is_registered_and_chosen(monkeypatch, known):
    monkeypatch.delenv('PLUGIN', raising=False)
    assert main() == 0
    assert known == [ExamplePlugin]
    assert os.environ['PLUGIN'] == 'ExamplePlugin'


def test_the_plugin_has_a_number():
    assert isinstance(ExamplePlugin.id, int)

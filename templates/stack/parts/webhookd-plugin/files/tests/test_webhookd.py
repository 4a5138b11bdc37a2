# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-webhookd."""

from typing import Any

import pytest

from acme_example.webhookd.plugin import Plugin

URL = '/acme/example/greetings/<name>'


@pytest.fixture
def loaded(api, config):
    Plugin().load({'api': api, 'config': config('wazo-webhookd')})
    return api


def test_greeting(loaded):
    assert loaded.resource(URL).get('Ann') == {'message': 'Hello Ann'}


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_a_greeting_without_settings(api, settings):
    dependencies: Any = {'api': api, 'config': settings}
    Plugin().load(dependencies)
    assert api.resource(URL).get('Ann') == {'message': 'Hello Ann'}


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('webhookd')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-webhookd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_webhookd.plugins'], True)

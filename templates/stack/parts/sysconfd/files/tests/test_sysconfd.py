# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-sysconfd, from the request to the file."""

import stat
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from wazo_sysconfd.exceptions import HttpReqError

from acme_example.sysconfd.http import Message
from acme_example.sysconfd.plugin import Plugin

URL = '/acme/example/motd'


class Sysconfd:
    """The dependencies of a plugin."""

    def __init__(self, settings):
        routers: list[Any] = []
        providers: list[Any] = []
        dependencies: Any = {
            'api': SimpleNamespace(include_router=routers.append),
            'config': settings,
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
        }
        Plugin().load(dependencies)
        (router,) = routers
        (self.provide_status,) = providers
        self.routes = {
            (verb, route.path): route.endpoint
            for route in router.routes
            for verb in route.methods
        }

    def status(self):
        status: Any = defaultdict(dict)
        self.provide_status(status)
        return status['acme_example']['status']


@pytest.fixture
def file(tmp_path):
    return tmp_path / 'motd'


@pytest.fixture
def sysconfd(config, file):
    settings = config('wazo-sysconfd')
    assert settings['acme_example'].keys() == {'motd_file'}
    return Sysconfd(settings | {'acme_example': {'motd_file': str(file)}})


def test_a_message_is_written_and_shown(sysconfd, file):
    text = 'Updates at 7 pm'
    assert sysconfd.routes['GET', URL]() == {'text': ''}
    answer = sysconfd.routes['POST', URL](Message(text=text))
    assert answer == sysconfd.routes['GET', URL]() == {'text': text}
    assert file.read_text() == f'{text}\n'
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert list(file.parent.iterdir()) == [file], 'nothing else is left there'


@pytest.mark.parametrize('text', ['two\nlines', 'a\x1b[31mcolour'])
def test_what_would_change_the_terminal(sysconfd, file, text):
    with pytest.raises(HttpReqError) as caught:
        sysconfd.routes['POST', URL](Message(text=text))
    assert caught.value.code == 400
    assert not file.exists()


def test_a_file_that_cannot_be_written_or_read(tmp_path, file):
    missing = tmp_path / 'missing' / 'motd'
    sysconfd = Sysconfd({'acme_example': {'motd_file': str(missing)}})
    assert sysconfd.status() == 'fail'
    with pytest.raises(HttpReqError) as caught:
        sysconfd.routes['POST', URL](Message(text='Hello'))
    assert caught.value.code == 500
    file.write_bytes(b'\xff')
    sysconfd = Sysconfd({'acme_example': {'motd_file': str(file)}})
    with pytest.raises(HttpReqError):
        sysconfd.routes['GET', URL]()


def test_the_status(sysconfd):
    assert sysconfd.status() == 'ok'


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_a_message_without_settings(settings, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr('acme_example.sysconfd.plugin.Motd', FakeMotd(seen))
    Sysconfd(settings)
    assert seen == ['/etc/motd']


class FakeMotd:
    def __init__(self, seen):
        self._seen = seen

    def __call__(self, path):
        self._seen.append(path)
        return SimpleNamespace(provide_status=None)


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-sysconfd')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_sysconfd.plugins'], True)

# SPDX-License-Identifier: # @= license @#
"""The task, as a worker runs it, and who hands it events."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from acme_example.webhookd_task import tasks
from acme_example.webhookd_task.plugin import Plugin
from acme_example.webhookd_task.tasks import ATTEMPTS, forward

URL = 'https://example.org/hook'
EVENT = {'name': 'chatd_presence_updated', 'data': {'state': 'away'}}


class OtherSide:
    """Takes what is posted, and fails as often as it is told."""

    def __init__(self):
        self.failures = 0
        self.posted: list[Any] = []

    def post(self, url, json, timeout):
        assert len(timeout) == 2
        self.posted.append((url, json))
        if len(self.posted) <= self.failures:
            raise requests.RequestException('no answer')
        return SimpleNamespace(status_code=202, raise_for_status=lambda: None)


class Bus:
    def __init__(self):
        self.handlers: dict[str, Any] = {}

    def subscribe(self, name, handler):
        self.handlers[name] = handler


@pytest.fixture
def other_side(monkeypatch):
    side = OtherSide()
    monkeypatch.setattr(tasks.requests, 'post', side.post)
    return side


@pytest.fixture
def handlers():
    """Return a function: settings -> what is called for which event."""

    def load(settings):
        bus = Bus()
        dependencies: Any = {'bus_consumer': bus, 'config': settings}
        Plugin().load(dependencies)
        return bus.handlers

    return load


def test_an_event_is_posted(other_side):
    done = forward.apply(args=[URL, EVENT])
    assert (done.state, done.result) == ('SUCCESS', 202)
    assert other_side.posted == [(URL, EVENT)]


def test_it_is_tried_again(other_side):
    other_side.failures = 2
    assert forward.apply(args=[URL, EVENT]).state == 'SUCCESS'
    assert other_side.posted == [(URL, EVENT)] * 3


def test_it_gives_up(other_side):
    other_side.failures = 99
    assert forward.apply(args=[URL, EVENT]).state == 'FAILURE'
    assert len(other_side.posted) == ATTEMPTS


def test_an_answer_that_is_an_error(monkeypatch):
    class Refused:
        status_code = 500

        def raise_for_status(self):
            raise requests.HTTPError('500')

    monkeypatch.setattr(tasks.requests, 'post', lambda *_args, **_options: Refused())
    assert forward.apply(args=[URL, EVENT]).state == 'FAILURE'


def test_an_event_goes_to_the_task(handlers, monkeypatch):
    queued = []
    monkeypatch.setattr(forward, 'delay', lambda *args: queued.append(args))
    found = handlers({'acme_example': {'url': URL, 'events': [EVENT['name']]}})
    found['chatd_presence_updated'](EVENT | {'origin_uuid': 'uuid'})
    assert queued == [(URL, EVENT)]
    # through a queue
    json.dumps(queued)


def test_nothing_is_forwarded_before_there_is_a_url(handlers, config):
    assert handlers(config('wazo-webhookd')) == {}


def test_the_events_of_the_settings(handlers, config):
    settings = config('wazo-webhookd')
    settings['acme_example']['url'] = URL
    assert list(handlers(settings)) == settings['acme_example']['events']


@pytest.mark.parametrize('settings', [{}, {'acme_example': {'url': URL}}])
def test_nothing_without_settings(handlers, settings):
    assert handlers(settings) == {}


def test_the_task_and_the_plugin_are_enabled(entry_points, config):
    settings = config('wazo-webhookd')
    for group, key in (
        ('wazo_webhookd.celery_tasks', 'enabled_celery_tasks'),
        ('wazo_webhookd.plugins', 'enabled_plugins'),
    ):
        assert settings[key].items() >= dict.fromkeys(entry_points[group], True).items()

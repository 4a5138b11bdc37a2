# SPDX-License-Identifier: # @= license @#
"""The webhook, against a server on this machine."""

import inspect
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from wazo_webhookd.services.helpers import HookExpectedError, HookRetry

from acme_example.chat.plugin import Service
from acme_example.chat.text import LONGEST, line_of

# what helpers read of the Celery task
TASK = SimpleNamespace(max_retries=10, request=SimpleNamespace(retries=0))
EVENT = {
    'name': 'call_ended',
    'data': {'caller': {'name': 'Ann', 'number': '102'}, 'reason': 'busy'},
}


@pytest.fixture
def room():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(
                json.loads(self.rfile.read(int(self.headers['Content-Length'])))
            )
            self.send_response(500 if self.path == '/broken' else 200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    received: list[Any] = []
    server = HTTPServer(('127.0.0.1', 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f'http://127.0.0.1:{server.server_port}', received
    server.shutdown()
    thread.join()
    server.server_close()


def run(event=EVENT, **settings):
    return Service.run(TASK, {}, {'config': settings}, event)


def test_an_event_becomes_a_line_in_the_room(room):
    url, received = room
    assert (
        run(url=url, text='{caller.name} ({caller.number}): {reason}')['status_code']
        == 200
    )
    assert received == [{'text': 'Ann (102): busy'}]


def test_an_error_of_the_server_is_an_error(room):
    url, _ = room
    with pytest.raises((requests.HTTPError, HookRetry)):
        run(url=f'{url}/broken')


@pytest.mark.parametrize('settings', [{}, {'url': ''}, {'url': 'file:///etc/passwd'}])
def test_a_subscription_without_a_room_fails_at_once(settings):
    with pytest.raises(HookExpectedError):
        run(**settings)


def test_without_a_text_the_plain_fields_are_said():
    assert line_of(EVENT) == 'call_ended (reason: busy)'
    assert line_of({'name': 'ping', 'data': None}) == 'ping'


def test_a_name_that_the_event_lacks_becomes_empty():
    assert line_of(EVENT, '{name} {caller.age}{caller}{reason.more}.') == 'call_ended .'


def test_a_caller_can_neither_mention_nor_link():
    event = {'name': 'call', 'data': {'from': '@all <https://example.org|prize>\nnext'}}
    said = line_of(event, '{from}')
    assert not set(said) & set('@<>\n')


def test_a_line_has_an_end():
    assert len(line_of({'name': 'call', 'data': {'from': 'x' * 9999}})) == LONGEST


def test_run_needs_no_instance():
    assert inspect.ismethod(Service.run)


def test_the_service_is_enabled(entry_points, config):
    enabled = config('wazo-webhookd')['enabled_services']
    assert enabled == dict.fromkeys(entry_points['wazo_webhookd.services'], True)

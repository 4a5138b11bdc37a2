# SPDX-License-Identifier: # @= license @#
"""The webhook type, against a server on this machine."""

import inspect
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from wazo_webhookd.services.helpers import HookExpectedError, HookRetry

from acme_example.webhookd_service.plugin import Service, message

# what helpers read of the Celery task
TASK = SimpleNamespace(max_retries=10, request=SimpleNamespace(retries=0))
EVENT = {'name': 'call_created', 'data': {'to': '101', 'from': '102'}}


@pytest.fixture
def server():
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


def test_an_event_is_posted(server):
    url, received = server
    assert Service.run(TASK, {}, {'config': {'url': url}}, EVENT) == {
        'status_code': 200
    }
    assert received == [{'text': 'call_created (from: 102, to: 101)'}]


def test_an_error_of_the_server_is_an_error(server):
    url, _ = server
    with pytest.raises((requests.HTTPError, HookRetry)):
        Service.run(TASK, {}, {'config': {'url': f'{url}/broken'}}, EVENT)


@pytest.mark.parametrize('settings', [{}, {'url': ''}])
def test_a_subscription_without_a_url(settings):
    with pytest.raises(HookExpectedError) as caught:
        Service.run(TASK, {}, {'config': settings}, EVENT)
    # what the log of the subscription shows
    assert caught.value.detail == {'error': 'the subscription has no url'}


def test_an_event_without_data():
    assert message({'name': 'ping', 'data': None}) == {'text': 'ping'}


def test_run_needs_no_instance():
    assert inspect.ismethod(Service.run)


def test_the_service_is_enabled(entry_points, config):
    enabled = config('wazo-webhookd')['enabled_services']
    assert enabled == dict.fromkeys(entry_points['wazo_webhookd.services'], True)

# SPDX-License-Identifier: # @= license @#
"""The external authentication of wazo-auth."""

from types import SimpleNamespace

import pytest

from acme_example.auth_external import http
from acme_example.auth_external.http import AcmeExampleSafeData
from acme_example.auth_external.plugin import Plugin

URL = '/users/<uuid:user_uuid>/external/acme_example'


class ExternalAuthService:
    """Keeps data in memory, as the service of wazo-auth does in its database."""

    def __init__(self):
        self.data = {}
        self.models = {}

    def register_safe_auth_model(self, auth_type, model):
        self.models[auth_type] = model

    def get(self, user_uuid, auth_type):
        return self.data[user_uuid, auth_type]

    def update_or_create(self, user_uuid, auth_type, data):
        self.data[user_uuid, auth_type] = data

    def delete(self, user_uuid, auth_type):
        del self.data[user_uuid, auth_type]


@pytest.fixture
def service():
    return ExternalAuthService()


@pytest.fixture
def loaded(api, service):
    Plugin().load({'api': api, 'external_auth_service': service})
    return api


def test_data_are_stored_shown_and_forgotten(loaded, service, monkeypatch):
    resource = loaded.resource(URL)
    body = {'access_token': 'secret', 'scope': ['read']}
    monkeypatch.setattr(http, 'request', SimpleNamespace(get_json=lambda force: body))
    assert resource.post('some-user') == ({'scope': ['read']}, 201)
    assert resource.get('some-user') == ({'access_token': 'secret', 'scope': ['read']}, 200)
    assert resource.delete('some-user') == ('', 204)
    assert service.data == {}


def test_the_token_is_not_safe_to_show(service, loaded):
    assert service.models == {'acme_example': AcmeExampleSafeData}
    assert AcmeExampleSafeData().load({'access_token': 'secret', 'scope': ['read']}) == {'scope': ['read']}


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_is_documented(loaded, documented):
    assert set(documented('auth_external')) == {'/users/{user_uuid}/external/acme_example'}


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-auth')['enabled_external_auth_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_auth.external_auth'], True)

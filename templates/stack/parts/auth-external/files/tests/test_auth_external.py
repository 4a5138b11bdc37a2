# SPDX-License-Identifier: # @= license @#
"""The external authentication of wazo-auth."""

from types import SimpleNamespace

import pytest
from wazo_auth.exceptions import (
    UnknownExternalAuthTypeException,
    UserParamException,
)

from acme_example.auth_external import http
from acme_example.auth_external.http import SafeData
from acme_example.auth_external.plugin import Plugin

URL = '/users/<uuid:user_uuid>/external/acme_example'


class ExternalAuthService:
    """Keeps data in memory, as the service of wazo-auth does in its database."""

    def __init__(self):
        self.data = {}
        self.models = {}
        self.types = set()

    def register_safe_auth_model(self, auth_type, model):
        self.models[auth_type] = model

    def get(self, user_uuid, auth_type):
        return self.data[user_uuid, auth_type]

    def update_or_create(self, user_uuid, auth_type, data):
        # that of wazo-auth makes no type
        if auth_type not in self.types:
            raise UnknownExternalAuthTypeException(auth_type)
        self.data[user_uuid, auth_type] = data

    def create(self, user_uuid, auth_type, data):
        self.types.add(auth_type)
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


@pytest.fixture
def post(loaded, monkeypatch):
    def send(body):
        request = SimpleNamespace(get_json=lambda force: body)
        monkeypatch.setattr(http, 'request', request)
        return loaded.resource(URL).post('some-user')

    return send


def test_data_are_stored_shown_and_forgotten(post, loaded, service):
    data = {'access_token': 'secret', 'scope': ['read']}
    assert post(data | {'more': 1}) == ({'scope': ['read']}, 201)
    resource = loaded.resource(URL)
    assert resource.get('some-user') == (data, 200)
    other = {'access_token': 'other', 'scope': []}
    assert post(other) == ({'scope': []}, 201)
    assert resource.get('some-user') == (other, 200)
    assert resource.delete('some-user') == ('', 204)
    assert service.data == {}


def test_a_scope_may_be_left_out(post):
    assert post({'access_token': 'secret'}) == ({'scope': []}, 201)


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'access_token': ''},
        {'access_token': 7},
        {'access_token': 'secret', 'scope': 'notalist'},
        {'access_token': 'secret', 'scope': [1]},
        {'access_token': 'secret', 'scope': ['a' * 257]},
    ],
)
def test_what_the_schema_does_not_take_is_a_bad_request(post, service, body):
    with pytest.raises(UserParamException) as caught:
        post(body)
    assert caught.value.status_code == 400
    assert service.data == {}


def test_the_token_is_not_safe_to_show(service, loaded):
    assert service.models == {'acme_example': SafeData}
    data = {'access_token': 'secret', 'scope': ['read']}
    assert SafeData().load(data) == {'scope': ['read']}


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('auth_external')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-auth')['enabled_external_auth_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_auth.external_auth'], True)

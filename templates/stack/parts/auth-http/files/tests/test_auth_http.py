# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-auth, from the request to what is left of a user's sessions."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from wazo_auth.exceptions import UserParamException

from acme_example.auth_http.plugin import Plugin

URL = '/acme/example/sign-outs'
TENANT = '2c34c282-433e-4bb8-8d56-fec14ff7e1e9'
ANN = '11111111-1111-4111-8111-111111111111'
BOB = '22222222-2222-4222-8222-222222222222'
NOBODY = '99999999-9999-4999-8999-999999999999'


class Auth:
    """The services of wazo-auth: two users with sessions, and a service with one."""

    def __init__(self, api, settings):
        self.sessions = {'s1': ANN, 's2': ANN, 's3': BOB, 's4': None}
        self.refresh_tokens = {'phone': ANN}
        providers: list[Any] = []
        dependencies: Any = {
            'api': api,
            'config': settings,
            'session_service': SimpleNamespace(
                list_=self.list_sessions, delete=self.delete_session
            ),
            'status_aggregator': SimpleNamespace(add_provider=providers.append),
            'token_service': self,
            'user_service': self,
        }
        Plugin().load(dependencies)
        self.resource = api.resource(URL)
        (self.provide_status,) = providers

    def assert_user_in_subtenant(self, tenant_uuid, user_uuid):
        if (tenant_uuid, user_uuid) not in [(TENANT, ANN), (TENANT, BOB)]:
            raise LookupError(user_uuid)

    def list_refresh_tokens(self, scoping_tenant_uuid, recurse, user_uuid):
        found = [key for key, one in self.refresh_tokens.items() if one == user_uuid]
        return [{'client_id': key} for key in found if scoping_tenant_uuid == TENANT]

    def delete_refresh_token(self, tenant_uuid, user_uuid, client_id):
        assert (tenant_uuid, self.refresh_tokens.pop(client_id)) == (TENANT, user_uuid)

    def list_sessions(self, scoping_tenant_uuid, recurse=False, user_uuid=None):
        assert scoping_tenant_uuid == TENANT
        return [
            {'uuid': uuid, 'user_uuid': one}
            for uuid, one in self.sessions.items()
            if user_uuid in (None, one)
        ]

    def delete_session(self, tenant_uuid, session_uuid):
        owner = self.sessions.pop(session_uuid)
        assert owner not in self.refresh_tokens.values(), 'it would sign in again'
        assert tenant_uuid == TENANT


@pytest.fixture
def auth(api, config):
    return Auth(api, config('wazo-auth'))


@pytest.fixture
def loaded(api, auth):
    return api


def test_who_is_signed_in(auth, ask):
    items = [{'user_uuid': ANN, 'sessions': 2}, {'user_uuid': BOB, 'sessions': 1}]
    assert ask(auth.resource.get) == {'items': items, 'total': 2}


def test_a_user_is_signed_out_everywhere(auth, ask):
    body = {'user_uuids': [ANN]}
    assert ask(auth.resource.post, body) == (body, 201)
    assert (auth.sessions, auth.refresh_tokens) == ({'s3': BOB, 's4': None}, {})


@pytest.mark.parametrize(
    'body',
    [
        None,
        [1],
        {},
        {'user_uuids': []},
        {'user_uuids': ANN},
        {'user_uuids': ['Ann']},
        {'user_uuids': [ANN] * 51},
    ],
)
def test_what_the_schema_does_not_take(auth, ask, body):
    with pytest.raises(UserParamException) as caught:
        ask(auth.resource.post, body)
    assert caught.value.status_code == 400
    assert len(auth.sessions) == 4


def test_with_one_of_another_tenant_no_one_is_signed_out(auth, ask):
    with pytest.raises(LookupError):
        ask(auth.resource.post, {'user_uuids': [ANN, NOBODY]})
    assert len(auth.sessions) == 4


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_users_without_settings(api, ask, settings):
    auth = Auth(api, settings)
    with pytest.raises(UserParamException, match='50'):
        ask(auth.resource.post, {'user_uuids': [ANN] * 51})


def test_the_status_never_fails(auth):
    # HEAD /status of wazo-auth would answer 503
    status: Any = defaultdict(dict)
    auth.provide_status(status)
    assert status == {'acme_example': {'status': 'ok'}}


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('auth_http')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-auth')['enabled_http_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_auth.http'], True)

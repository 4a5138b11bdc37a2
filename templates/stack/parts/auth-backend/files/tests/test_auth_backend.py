# SPDX-License-Identifier: # @= license @#
"""Backend and identity provider of wazo-auth."""

import hashlib
from types import SimpleNamespace

import pytest
from wazo_auth.exceptions import InvalidUsernamePassword

from acme_example.auth_backend.backend import AcmeExampleBackend
from acme_example.auth_backend.idp import AcmeExampleIDP

LOGIN = 'ann@example.org'
CONFIG = {
    'acme_example': {
        'domains': ['Example.org'],
        'passwords': {LOGIN: hashlib.sha256(b'secret').hexdigest()},
    }
}


class Users:
    """What wazo-auth knows of its users."""

    def get_user_uuid_by_login(self, login):
        return {LOGIN: 'ann-uuid'}[login]

    def list_users(self, uuid):
        return [{'uuid': uuid, 'purpose': 'user'}]

    def get_acl(self, user_uuid):
        return [f'right.of.{user_uuid}']


class Groups:
    def get_acl(self, user_uuid):
        return [f'right.of.a.group.of.{user_uuid}']


class UserMetadata:
    """A plugin for the metadata of tokens."""

    def get_token_metadata(self, login, args):
        return {'uuid': 'ann-uuid', 'tenant_uuid': 'tenant-uuid'}


@pytest.fixture
def backend():
    backend = AcmeExampleBackend()
    purposes = {'user': SimpleNamespace(metadata_plugins=[UserMetadata()])}
    backend.load({'config': CONFIG, 'user_service': Users(), 'group_service': Groups(), 'purposes': purposes})
    return backend


@pytest.fixture
def idp(backend):
    idp = AcmeExampleIDP()
    idp.load({'config': CONFIG, 'backends': {'acme_example': SimpleNamespace(obj=backend)}})
    return idp


def test_the_right_password(idp, backend):
    args = {'login': LOGIN, 'password': 'secret'}
    assert idp.can_authenticate(args)
    assert idp.verify_auth(args) == (backend, LOGIN)


@pytest.mark.parametrize('login', [LOGIN, 'bob@example.org'])
@pytest.mark.parametrize('password', ['wrong', ''])
def test_a_wrong_password(idp, login, password):
    with pytest.raises(InvalidUsernamePassword):
        idp.verify_auth({'login': login, 'password': password})


@pytest.mark.parametrize('login', ['root', 'example.org', 'ann@example.com', 'ann@sub.example.org', '', None])
def test_other_logins_stay_with_wazo(idp, login):
    assert not idp.can_authenticate({'login': login, 'password': 'secret'})


@pytest.mark.parametrize('args', [{}, {'login': LOGIN}, {'password': 'secret'}])
def test_requests_without_a_password_stay_with_wazo(idp, args):
    assert not idp.can_authenticate(args)


def test_as_it_is_shipped_every_login_stays_with_wazo(config):
    idp = AcmeExampleIDP()
    idp.load({'config': config('wazo-auth'), 'backends': {}})
    assert not idp.can_authenticate({'login': LOGIN, 'password': 'secret'})


def test_the_provider_says_that_it_is_loaded(idp):
    assert idp.loaded
    assert not AcmeExampleIDP().loaded


def test_a_token_has_the_rights_of_the_user(backend):
    assert backend.get_acl(LOGIN, {}) == ['right.of.ann-uuid', 'right.of.a.group.of.ann-uuid']


def test_a_token_tells_whose_it_is(backend):
    metadata = backend.get_metadata(LOGIN, {})
    assert (metadata['uuid'], metadata['tenant_uuid']) == ('ann-uuid', 'tenant-uuid')
    assert {'auth_id', 'xivo_uuid'} <= metadata.keys()


def test_both_are_enabled(entry_points, config):
    settings = config('wazo-auth')
    assert settings['enabled_backend_plugins'] == dict.fromkeys(entry_points['wazo_auth.backends'], True)
    # a bare true here would keep wazo-auth from starting
    assert settings['idp_plugins'].keys() == entry_points['wazo_auth.idp'].keys()
    assert all(entry['enabled'] is True for entry in settings['idp_plugins'].values())

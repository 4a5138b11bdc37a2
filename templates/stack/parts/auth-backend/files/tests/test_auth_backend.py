# SPDX-License-Identifier: # @= license @#
"""Backend and identity provider of wazo-auth."""

from types import SimpleNamespace

import pytest
from wazo_auth.exceptions import InvalidUsernamePassword

from acme_example.auth_backend.backend import Backend
from acme_example.auth_backend.idp import Provider
from acme_example.auth_backend.passwords import line_of

LOGIN = 'ann@example.org'
STRANGER = 'eve@example.org'


class Users:
    """The users, as wazo-auth knows them."""

    def get_user_uuid_by_login(self, login):
        return {LOGIN: 'ann-uuid', STRANGER: 'eve-uuid'}[login]

    def list_users(self, uuid):
        tenant = {'ann-uuid': 'tenant-uuid'}.get(uuid, 'other-tenant')
        return [{'uuid': uuid, 'purpose': 'user', 'tenant_uuid': tenant}]

    def get_acl(self, user_uuid):
        return [f'right.of.{user_uuid}']


class Groups:
    def get_acl(self, user_uuid):
        return [f'right.of.a.group.of.{user_uuid}']


class UserMetadata:
    """A plugin for the metadata of tokens."""

    def get_token_metadata(self, login, args):
        return {'uuid': 'ann-uuid', 'tenant_uuid': 'tenant-uuid'}

    def get_persistent_metadata(self, login, args):
        return {'kept': True}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / 'passwords'
    path.touch(0o600)
    lines = [line_of(LOGIN, 'secret'), line_of(STRANGER, 'secret')]
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return path


@pytest.fixture
def settings(file):
    # as people write them
    domains = {'Example.org': 'tenant-uuid'}
    return {
        'acme_example': {'domains': domains, 'password_file': str(file)},
    }


def loaded(settings):
    backend = Backend()
    dependencies = {
        'config': settings,
        'user_service': Users(),
        'group_service': Groups(),
        'purposes': {'user': SimpleNamespace(metadata_plugins=[UserMetadata()])},
    }
    backend.load(dependencies)
    return backend


@pytest.fixture
def backend(settings):
    return loaded(settings)


@pytest.fixture
def idp(backend, settings):
    idp = Provider()
    backends = {'acme_example': SimpleNamespace(obj=backend)}
    idp.load({'config': settings, 'backends': backends})
    return idp


def test_without_settings_no_login_is_its_own():
    idp = Provider()
    idp.load({'config': {}, 'backends': {}})
    assert not idp.can_authenticate({'login': LOGIN, 'password': 'any'})
    assert not loaded({}).verify_password(LOGIN, 'secret', {})


def test_the_right_password(idp, backend):
    args = {'login': LOGIN, 'password': 'secret'}
    assert idp.can_authenticate(args)
    assert idp.verify_auth(args) == (backend, LOGIN)


@pytest.mark.parametrize('login', [LOGIN, 'bob@example.org'])
@pytest.mark.parametrize('password', ['wrong', ''])
def test_a_wrong_password(idp, login, password):
    with pytest.raises(InvalidUsernamePassword):
        idp.verify_auth({'login': login, 'password': password})


def test_a_user_of_another_tenant(idp):
    with pytest.raises(InvalidUsernamePassword):
        idp.verify_auth({'login': STRANGER, 'password': 'secret'})


def test_a_file_that_others_can_read_is_not_used(idp, file, caplog):
    file.chmod(0o640)
    with pytest.raises(InvalidUsernamePassword):
        idp.verify_auth({'login': LOGIN, 'password': 'secret'})
    assert 'chmod 600' in caplog.text


def test_the_same_password_has_another_hash_for_each(file):
    first, second = (line.split(':')[2] for line in file.read_text().splitlines())
    assert first != second
    assert 'secret' not in file.read_text()


@pytest.mark.parametrize(
    'login',
    ['root', 'example.org', 'ann@example.com', 'ann@sub.example.org', '', None],
)
def test_other_logins_stay_with_wazo(idp, login):
    assert not idp.can_authenticate({'login': login, 'password': 'secret'})


@pytest.mark.parametrize('args', [{}, {'login': LOGIN}, {'password': 'secret'}])
def test_requests_without_a_password_stay_with_wazo(idp, args):
    assert not idp.can_authenticate(args)


def test_as_it_is_shipped_every_login_stays_with_wazo(config):
    idp = Provider()
    idp.load({'config': config('wazo-auth'), 'backends': {}})
    assert not idp.can_authenticate({'login': LOGIN, 'password': 'secret'})


def test_the_provider_says_that_it_is_loaded(idp):
    assert idp.loaded
    assert not Provider().loaded


def test_a_token_has_the_rights_of_the_user(backend):
    rights = ['right.of.ann-uuid', 'right.of.a.group.of.ann-uuid']
    assert backend.get_acl(LOGIN, {}) == rights


def test_a_token_tells_whose_it_is(backend):
    metadata = backend.get_metadata(LOGIN, {})
    assert (metadata['uuid'], metadata['tenant_uuid']) == ('ann-uuid', 'tenant-uuid')
    assert {'auth_id', 'xivo_uuid'} <= metadata.keys()
    assert backend.get_persistent_metadata(LOGIN, {}) == {'kept': True}


def test_both_are_enabled(entry_points, config):
    settings = config('wazo-auth')
    backends = dict.fromkeys(entry_points['wazo_auth.backends'], True)
    assert settings['enabled_backend_plugins'] == backends
    # a bare true here would keep wazo-auth from starting
    assert settings['idp_plugins'].keys() == entry_points['wazo_auth.idp'].keys()
    assert all(entry['enabled'] is True for entry in settings['idp_plugins'].values())

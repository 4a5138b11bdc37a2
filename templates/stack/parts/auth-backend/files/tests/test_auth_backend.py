# SPDX-License-Identifier: # @= license @#
"""Backend and identity provider of wazo-auth."""

import hashlib
from types import SimpleNamespace

import pytest
from wazo_auth.exceptions import InvalidUsernamePassword

from acme_example.auth_backend.backend import AcmeExampleBackend
from acme_example.auth_backend.idp import AcmeExampleIDP

ANN = {'uuid': 'ann-uuid', 'tenant_uuid': 'tenant-uuid'}


@pytest.fixture
def backend():
    passwords = {'ann': hashlib.sha256(b'secret').hexdigest()}
    users = SimpleNamespace(list_users=lambda username: [ANN])
    backend = AcmeExampleBackend()
    backend.load({'config': {'acme_example': {'passwords': passwords}}, 'user_service': users})
    return backend


@pytest.fixture
def idp(backend):
    idp = AcmeExampleIDP()
    idp.load({'backends': {'acme_example': SimpleNamespace(obj=backend)}})
    return idp


def test_the_right_password(idp, backend):
    args = {'login': 'ann', 'password': 'secret'}
    assert idp.can_authenticate(args)
    assert idp.verify_auth(args) == (backend, 'ann')


@pytest.mark.parametrize('login, password', [('ann', 'wrong'), ('ann', ''), ('bob', 'secret'), ('bob', '')])
def test_a_wrong_password(idp, login, password):
    with pytest.raises(InvalidUsernamePassword):
        idp.verify_auth({'login': login, 'password': password})


@pytest.mark.parametrize('args', [{}, {'login': 'ann'}, {'password': 'secret'}])
def test_logins_of_another_kind_are_left_alone(idp, args):
    assert not idp.can_authenticate(args)


def test_the_provider_says_that_it_is_loaded(idp):
    assert idp.loaded
    assert not AcmeExampleIDP().loaded


def test_metadata_have_what_tokens_need(backend):
    metadata = backend.get_metadata('ann', {})
    needed = {'auth_id', 'pbx_user_uuid', 'purpose', 'tenant_uuid', 'uuid', 'xivo_uuid'}
    assert needed <= metadata.keys()


def test_both_are_enabled(entry_points, config):
    settings = config('wazo-auth')
    assert settings['enabled_backend_plugins'] == {name: True for name in entry_points['wazo_auth.backends']}
    # a bare true here would keep wazo-auth from starting
    assert settings['idp_plugins'].keys() == entry_points['wazo_auth.idp'].keys()
    assert all(entry['enabled'] is True for entry in settings['idp_plugins'].values())

# SPDX-License-Identifier: # @= license @#
"""The metadata that wazo-auth adds to tokens."""

import pytest

from acme_example.auth_metadata.metadata import Metadata


class Users:
    """The users, as wazo-auth knows them."""

    def get_user_uuid_by_login(self, login):
        return {'ann': 'ann-uuid'}[login]

    def list_groups(self, user_uuid):
        assert user_uuid == 'ann-uuid'
        return [
            {'name': 'support', 'system_managed': False},
            {'name': 'sales', 'system_managed': False},
            {'name': 'wazo-all-users', 'system_managed': True},
        ]


@pytest.fixture
def load():
    def with_settings(settings):
        metadata = Metadata()
        metadata.load({'config': settings, 'user_service': Users()})
        return metadata

    return with_settings


@pytest.fixture
def metadata(load, config):
    return load(config('wazo-auth'))


def test_a_token_tells_the_groups_of_its_user(metadata):
    told = metadata.get_token_metadata('ann', {})
    # nothing else: it would hide what wazo-auth itself has there
    assert told == {'acme_example_groups': ['sales', 'support']}


def test_groups_of_wazo_can_be_told_too(load):
    metadata = load({'acme_example': {'system_groups': True}})
    told = metadata.get_token_metadata('ann', {})
    assert told == {'acme_example_groups': ['sales', 'support', 'wazo-all-users']}


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_groups_without_settings(load, settings):
    told = load(settings).get_token_metadata('ann', {})
    assert told == {'acme_example_groups': ['sales', 'support']}


def test_nothing_is_kept_in_refresh_tokens(metadata):
    # what is there would stay as it was at the first login
    assert metadata.get_persistent_metadata('ann', {}) == {}


def test_it_is_enabled_for_users(entry_points, config):
    settings = config('wazo-auth')
    names = entry_points['wazo_auth.metadata'].keys()
    assert settings['enabled_metadata_plugins'] == dict.fromkeys(names, True)
    assert set(settings['purpose_metadata_mapping']['user']) == names

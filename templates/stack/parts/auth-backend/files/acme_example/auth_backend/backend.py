# SPDX-License-Identifier: # @= license @#
"""Checks passwords."""

import hashlib
import hmac

from wazo_auth import BaseAuthenticationBackend


class AcmeExampleBackend(BaseAuthenticationBackend):
    def load(self, dependencies):
        super().load(dependencies)
        self._users = dependencies['user_service']
        self._groups = dependencies['group_service']
        self._purposes = dependencies['purposes']
        self._passwords = dependencies['config'].get('acme_example', {}).get('passwords', {})

    def verify_password(self, login, password, args):
        """Compare with the hash in the settings."""
        expected = self._passwords.get(login, '')
        given = hashlib.sha256(password.encode()).hexdigest()
        return hmac.compare_digest(expected, given)

    def get_acl(self, login, args):
        """Give the rights of the user's policies, and of the groups that the user is in."""
        user_uuid = self._users.get_user_uuid_by_login(login)
        return self._users.get_acl(user_uuid) + self._groups.get_acl(user_uuid)

    def get_metadata(self, login, args):
        metadata = super().get_metadata(login, args)
        user = self._users.list_users(uuid=self._users.get_user_uuid_by_login(login))[0]
        for plugin in self._purposes.get(user['purpose']).metadata_plugins:
            metadata.update(plugin.get_token_metadata(login, args))
        return metadata

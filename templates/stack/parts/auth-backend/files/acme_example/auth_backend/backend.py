# SPDX-License-Identifier: # @= license @#
"""Checks passwords."""

import hashlib
import hmac

from wazo_auth import BaseAuthenticationBackend


class AcmeExampleBackend(BaseAuthenticationBackend):
    def load(self, dependencies):
        super().load(dependencies)
        self._users = dependencies['user_service']
        self._passwords = dependencies['config'].get('acme_example', {}).get('passwords', {})

    def verify_password(self, login, password, args):
        """Compare with the hash in the settings; replace it by a question to your own directory."""
        expected = self._passwords.get(login, '')
        given = hashlib.sha256(password.encode()).hexdigest()
        return hmac.compare_digest(expected, given)

    def get_acl(self, login, args):
        return args.get('acl') or []

    def get_metadata(self, login, args):
        user = self._users.list_users(username=login)[0]
        return {
            'auth_id': user['uuid'],
            'pbx_user_uuid': user['uuid'],
            'purpose': 'user',
            'tenant_uuid': user['tenant_uuid'],
            'uuid': user['uuid'],
            'xivo_uuid': args.get('xivo_uuid', ''),
        }

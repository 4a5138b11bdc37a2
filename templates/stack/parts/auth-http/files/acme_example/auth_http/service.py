# SPDX-License-Identifier: # @= license @#
"""Signs users out: no token of theirs is left, and none that makes new ones."""

from collections import Counter
from typing import Any

from marshmallow import ValidationError
from xivo.status import Status


class SignOutService:
    def __init__(self, users: Any, sessions: Any, tokens: Any, max_users: int) -> None:
        self._users = users
        self._sessions = sessions
        self._tokens = tokens
        self._max_users = max_users

    def list_(self, tenant_uuid: str) -> list[dict[str, Any]]:
        sessions = self._sessions.list_(scoping_tenant_uuid=tenant_uuid)
        # services have sessions too, and are no users
        owners = (session['user_uuid'] for session in sessions)
        counts = Counter(owner for owner in owners if owner)
        return [
            {'user_uuid': uuid, 'sessions': count} for uuid, count in counts.items()
        ]

    def sign_out(self, tenant_uuid: str, user_uuids: list[str]) -> None:
        if len(user_uuids) > self._max_users:
            message = {'message': f'more than {self._max_users} users'}
            raise ValidationError({'user_uuids': [message]})
        for uuid in user_uuids:
            # 404 for a user of another tenant, before anybody is signed out
            self._users.assert_user_in_subtenant(tenant_uuid, uuid)
        for uuid in user_uuids:
            whose = {
                'scoping_tenant_uuid': tenant_uuid,
                'recurse': True,
                'user_uuid': uuid,
            }
            # these first: a client would make a new session with one
            for token in self._tokens.list_refresh_tokens(**whose):
                self._tokens.delete_refresh_token(tenant_uuid, uuid, token['client_id'])
            for session in self._sessions.list_(**whose):
                self._sessions.delete(tenant_uuid, session['uuid'])

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say that the plugin is there; a fail would be one of wazo-auth as a whole."""
        status['acme_example']['status'] = Status.ok

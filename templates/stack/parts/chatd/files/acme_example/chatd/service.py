# SPDX-License-Identifier: # @= license @#
"""Absences: users who are away, and the reason that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from xivo.status import Status

if TYPE_CHECKING:
    from uuid import UUID

    from wazo_chatd.plugins.presences.services import PresenceService


class AbsenceService:
    def __init__(self, presences: PresenceService, max_users: int) -> None:
        self._presences = presences
        self._max_users = max_users

    def list_(self, tenant_uuids: list[str]) -> list[dict[str, str]]:
        users = self._presences.list_(tenant_uuids)
        return [shown(user) for user in users if user.state == 'away']

    def start(
        self, tenant_uuids: list[str], user_uuids: list[UUID], status: str
    ) -> list[dict[str, str]]:
        if len(user_uuids) > self._max_users:
            raise ValidationError({'user_uuids': [f'more than {self._max_users}']})
        # all of them first: who is not there is answered 404, and nothing changes
        users = [self._presences.get(tenant_uuids, str(uuid)) for uuid in user_uuids]
        for user in users:
            user.state = 'away'
            user.status = status
            self._presences.update(user)
        return [shown(user) for user in users]

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the settings let anybody be set."""
        ok = self._max_users > 0
        status['acme_example']['status'] = Status.ok if ok else Status.fail


def shown(user: Any) -> dict[str, str]:
    return {'user_uuid': str(user.uuid), 'status': user.status}

# SPDX-License-Identifier: # @= license @#
"""Users who are not to be disturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from wazo_confd.plugins.user.sub_resources.schema import ServiceDNDSchema
from xivo.status import Status
from xivo_dao.resources.user import dao as user_dao

if TYPE_CHECKING:
    from wazo_confd.plugins.user.service import UserCallServiceService


class QuietService:
    def __init__(self, users: UserCallServiceService, max_users: int) -> None:
        self._users = users
        self._max_users = max_users

    def list_(self, tenant_uuid: str) -> list[str]:
        users = user_dao.find_all_by(tenant_uuid=tenant_uuid, enablednd=1)
        return [user.uuid for user in users]

    def set(self, tenant_uuid: str, user_uuids: list[str], enabled: bool) -> None:
        if len(user_uuids) > self._max_users:
            raise ValidationError({'user_uuids': [f'more than {self._max_users}']})
        # one who is not there is answered 404, and wazo-confd undoes the request
        for uuid in user_uuids:
            user = self._users.get(uuid, tenant_uuids=[tenant_uuid])
            user.dnd_enabled = enabled
            self._users.edit(user, ServiceDNDSchema())

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the settings let anybody be set."""
        ok = self._max_users > 0
        status['acme_example']['status'] = Status.ok if ok else Status.fail

# SPDX-License-Identifier: # @= license @#
"""More metadata for the tokens of users."""

from typing import Any

from wazo_auth import BaseMetadata


class Metadata(BaseMetadata):
    """Called at each login: what takes long here takes long for everybody."""

    def load(self, dependencies: dict[str, Any]) -> None:
        super().load(dependencies)
        settings = dependencies['config'].get('acme_example', {})
        self._system_groups = settings.get('system_groups', False)

    def get_token_metadata(self, login: str, args: dict[str, Any]) -> dict[str, Any]:
        # only what is new: wazo-auth adds it to that of its own plugins
        user_uuid = self._user_service.get_user_uuid_by_login(login)
        groups = self._user_service.list_groups(user_uuid)
        names = [
            group['name']
            for group in groups
            if self._system_groups or not group['system_managed']
        ]
        return {'acme_example_groups': sorted(names)}

# SPDX-License-Identifier: # @= license @#
from typing import Any


class MetadataByPurposeMixin:
    """Finds the plugins for the metadata of a user's tokens."""

    _purposes: Any
    _user_service: Any

    def get_metadata_plugins_by_login(self, login):
        user_uuid = self._user_service.get_user_uuid_by_login(login)
        user = self._user_service.list_users(uuid=user_uuid)[0]
        return self._purposes.get(user['purpose']).metadata_plugins

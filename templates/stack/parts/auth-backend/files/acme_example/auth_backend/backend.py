# SPDX-License-Identifier: # @= license @#
"""Checks passwords."""

import logging
from typing import Any

from wazo_auth import BaseAuthenticationBackend
from wazo_auth.plugin_helpers.backend_mixins import MetadataByPurposeMixin

from .passwords import is_right

logger = logging.getLogger(__name__)


class Backend(MetadataByPurposeMixin, BaseAuthenticationBackend):
    """Its tokens have the rights and the metadata of Wazo's own."""

    def load(self, dependencies: dict[str, Any]) -> None:
        super().load(dependencies)
        self._user_service = dependencies['user_service']
        self._group_service = dependencies['group_service']
        self._purposes = dependencies['purposes']
        settings = dependencies['config'].get('acme_example', {})
        domains = settings.get('domains', {})
        self._tenants = {domain.lower(): uuid for domain, uuid in domains.items()}
        self._file = settings.get('password_file', '')

    def verify_password(self, login: str, password: str, args: dict[str, Any]) -> bool:
        try:
            return is_right(self._file, login, password) and self._is_at_home(login)
        except OSError as error:
            logger.error('no password can be checked: %s', error)
            return False

    def _is_at_home(self, login: str) -> bool:
        """Say whether the user is of the tenant that the domain of the login is for."""
        user_uuid = self._user_service.get_user_uuid_by_login(login)
        tenant_uuid = self._tenants.get(login.rpartition('@')[2].lower())
        users = self._user_service.list_users(uuid=user_uuid)
        return [str(user['tenant_uuid']) for user in users] == [str(tenant_uuid)]

    def get_acl(self, login: str, args: dict[str, Any]) -> list[str]:
        """Give the rights of the user's policies, and of the user's groups."""
        user_uuid = self._user_service.get_user_uuid_by_login(login)
        user_acl = self._user_service.get_acl(user_uuid)
        group_acl = self._group_service.get_acl(user_uuid)
        return args.get('acl', []) + user_acl + group_acl

    def get_metadata(self, login: str, args: dict[str, Any]) -> dict[str, Any]:
        metadata = super().get_metadata(login, args)
        for plugin in self.get_metadata_plugins_by_login(login):
            metadata.update(plugin.get_token_metadata(login, args))
        return metadata

    def get_persistent_metadata(
        self, login: str, args: dict[str, Any]
    ) -> dict[str, Any]:
        metadata = super().get_persistent_metadata(login, args)
        for plugin in self.get_metadata_plugins_by_login(login):
            metadata.update(plugin.get_persistent_metadata(login, args))
        return metadata

# SPDX-License-Identifier: # @= license @#
"""Leads logins to the backend: wazo-auth never asks a backend by itself."""

from typing import Any

from wazo_auth.exceptions import InvalidUsernamePassword


class Provider:
    authentication_method = 'acme_example'
    loaded = False

    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example', {})
        self._domains = {domain.lower() for domain in settings.get('domains', {})}
        self._backends = dependencies['backends']
        # wazo-auth skips a provider without this
        self.loaded = True

    def can_authenticate(self, args: dict[str, Any]) -> bool:
        """Say whether a login is ours: wazo-auth then asks nobody else.

        Called for every login, so nothing is looked up here.
        """
        _, at, domain = (args.get('login') or '').rpartition('@')
        is_ours = bool(at) and domain.lower() in self._domains
        return is_ours and args.get('password') is not None

    def get_backend(self, args: dict[str, Any]) -> Any:
        # wazo-auth keeps its plugins wrapped
        return self._backends['acme_example'].obj

    def verify_auth(self, args: dict[str, Any]) -> tuple[Any, str]:
        backend = self.get_backend(args)
        login = args['login']
        if not backend.verify_password(login, args['password'], args):
            raise InvalidUsernamePassword(login)
        return backend, login

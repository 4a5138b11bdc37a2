# SPDX-License-Identifier: # @= license @#
from typing import Any


class BaseConfdService:
    """Asks wazo-confd, by the part of the client that resource_confd names."""

    resource_confd = ''
    _confd: Any

    def _resource(self):
        return getattr(self._confd, self.resource_confd)

    def list(self, **params):
        return self._resource().list(**params)

    def get(self, resource_id):
        return self._resource().get(resource_id)

    def update(self, resource):
        self._resource().update(resource)

    def create(self, resource):
        return self._resource().create(resource)

    def delete(self, resource_id):
        self._resource().delete(resource_id)

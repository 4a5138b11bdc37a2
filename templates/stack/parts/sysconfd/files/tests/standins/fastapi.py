# SPDX-License-Identifier: # @= license @#
"""Routers, as far as they keep their routes."""

from types import SimpleNamespace


class APIRouter:
    def __init__(self, tags=()):
        self.routes = []

    def _add(self, verb, path):
        def keep(endpoint):
            route = SimpleNamespace(path=path, methods={verb}, endpoint=endpoint)
            self.routes.append(route)
            return endpoint

        return keep

    def get(self, path):
        return self._add('GET', path)

    def post(self, path, status_code=200):
        return self._add('POST', path)

# SPDX-License-Identifier: # @= license @#
"""The base class of views: their pages, and who may see them."""

from typing import Any


def login_required(function):
    return function


class BaseIPBXHelperView:
    decorators = [login_required]
    service: Any = None

    @classmethod
    def register(cls, blueprint, route_base):
        """Add the routes of the view; tests put their own in the place."""

    def index(self):
        return self.service.list()

    def get(self, id):
        return self.service.get(id)

    def put(self, id):
        raise NotImplementedError

    def delete(self, id):
        self.service.delete(id)

# SPDX-License-Identifier: # @= license @#
"""Whose request it is."""

from types import SimpleNamespace

user = SimpleNamespace(uuid='user-1')


class Tenant:
    uuid = 'tenant-1'

    @classmethod
    def autodetect(cls):
        return cls()

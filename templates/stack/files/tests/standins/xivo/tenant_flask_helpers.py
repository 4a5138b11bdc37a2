# SPDX-License-Identifier: # @= license @#
"""Whose request it is; tests put theirs in the place."""

from types import SimpleNamespace

token = user = SimpleNamespace()


class Tenant:
    @classmethod
    def autodetect(cls):
        return cls()

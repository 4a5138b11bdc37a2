# SPDX-License-Identifier: # @= license @#
"""Fields of schemas."""

from types import SimpleNamespace


class Field:
    def __init__(self, *arguments, **options):
        self.options = options


fields = SimpleNamespace(Boolean=Field, Integer=Field, String=Field)

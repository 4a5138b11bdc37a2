# SPDX-License-Identifier: # @= license @#
"""As much of marshmallow as drops what a schema does not name."""

from types import SimpleNamespace

EXCLUDE = 'exclude'


class Field:
    def __init__(self, *arguments, **options):
        pass


fields = SimpleNamespace(List=Field, String=Field)


class Schema:
    def load(self, data):
        return {key: value for key, value in data.items() if isinstance(getattr(type(self), key, None), Field)}

# SPDX-License-Identifier: # @= license @#
"""Fields of schemas: how they read a value, and what they refuse."""

import datetime
import uuid


class Field:
    kind: type = object

    def __init__(
        self, *inner, required=False, load_default=None, data_key=None, validate=None
    ):
        self.inner = inner
        self.required = required
        self.default = load_default
        self.data_key = data_key
        self.validate = validate

    def read(self, value):
        """Return the value as it is after loading, or raise ValueError."""
        if not isinstance(value, self.kind):
            raise ValueError(value)
        value = self.convert(value)
        if self.validate and not self.validate(value):
            raise ValueError(value)
        return value

    def convert(self, value):
        return value


class Boolean(Field):
    kind = bool


class Integer(Field):
    kind = int


class String(Field):
    kind = str


class UUID(Field):
    kind = str

    def convert(self, value):
        return uuid.UUID(value)


class DateTime(Field):
    kind = str

    def convert(self, value):
        return datetime.datetime.fromisoformat(value)


class List(Field):
    kind = list

    def convert(self, value):
        (inner,) = self.inner
        return [inner.read(one) for one in value]

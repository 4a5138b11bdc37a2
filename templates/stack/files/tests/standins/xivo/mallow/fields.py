# SPDX-License-Identifier: # @= license @#
"""Fields of schemas, as far as they tell what is not theirs."""


class Field:
    kind: type | tuple[type, ...] = object

    def __init__(self, *inner, **options):
        self.inner = inner
        self.options = options

    def problem(self, value):
        if not isinstance(value, self.kind):
            return True
        check = self.options.get('validate')
        return check is not None and not check(value)


class Boolean(Field):
    kind = bool


class Integer(Field):
    kind = int


class String(Field):
    kind = str


class List(Field):
    kind = list

    def problem(self, value):
        (inner,) = self.inner
        return super().problem(value) or any(inner.problem(one) for one in value)

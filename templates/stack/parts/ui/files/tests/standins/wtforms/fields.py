# SPDX-License-Identifier: # @= license @#
class Field:
    def __init__(self, label=None, validators=()):
        self.args = (label, validators)


class FormField(Field):
    pass


class StringField(Field):
    pass


class SubmitField(Field):
    pass

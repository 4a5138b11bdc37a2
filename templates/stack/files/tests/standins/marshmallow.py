# SPDX-License-Identifier: # @= license @#
"""As much of marshmallow as loads a mapping by the fields of a schema."""

EXCLUDE = 'exclude'


class ValidationError(Exception):
    def __init__(self, messages):
        super().__init__(messages)
        self.messages = messages


class Schema:
    def load(self, data):
        if not isinstance(data, dict):
            raise ValidationError({'_schema': ['Invalid input type.']})
        loaded, errors = {}, {}
        for name in dir(type(self)):
            field = getattr(type(self), name)
            if not hasattr(field, 'read'):
                continue
            key = field.data_key or name
            if key not in data:
                if field.required:
                    errors[key] = [{'message': 'required'}]
                elif field.default is not None:
                    made = field.default() if callable(field.default) else field.default
                    loaded[name] = made
                continue
            try:
                loaded[name] = field.read(data[key])
            except ValueError:
                errors[key] = [{'message': 'not valid'}]
        if errors:
            raise ValidationError(errors)
        return loaded

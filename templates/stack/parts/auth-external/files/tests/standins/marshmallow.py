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
        loaded = {}
        for name in dir(type(self)):
            field = getattr(type(self), name)
            if not hasattr(field, 'problem'):
                continue
            if name not in data:
                if field.options.get('required'):
                    raise ValidationError({name: [{'message': 'required'}]})
                if 'load_default' in field.options:
                    loaded[name] = field.options['load_default']()
            elif field.problem(data[name]):
                raise ValidationError({name: [{'message': 'not valid'}]})
            else:
                loaded[name] = data[name]
        return loaded

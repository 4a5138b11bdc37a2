from collections.abc import Sequence
from typing import Any

class Field:
    # of a class, fields are not bound yet: wtforms.fields.core, UnboundField
    args: tuple[Any, ...]
    data: Any
    errors: Sequence[str]
    def __init__(self, label: str | None = ..., validators: Sequence[Any] | None = ..., *, default: Any = ..., description: str = ...) -> None: ...

class FormField(Field):
    form: Any
    def __init__(self, form_class: type[Any], label: str | None = ..., *, separator: str = ...) -> None: ...

class StringField(Field): ...
class SubmitField(Field): ...

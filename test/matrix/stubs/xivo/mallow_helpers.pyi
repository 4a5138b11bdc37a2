import marshmallow
from xivo.mallow.fields import Field

class Schema(marshmallow.Schema): ...

class ListSchema(Schema):
    searchable_columns: list[str]
    sort_columns: list[str]
    default_sort_column: str
    recurse: Field

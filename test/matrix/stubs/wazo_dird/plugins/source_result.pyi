from typing import Any

class _SourceResult:
    fields: dict[str, Any]
    def __init__(self, fields: dict[str, Any]) -> None: ...

def make_result_class(
    source_backend: str,
    source_name: str,
    unique_column: str | None = ...,
    format_columns: dict[str, str] | None = ...,
    is_deletable: bool = ...,
    is_personal: bool = ...,
) -> type[_SourceResult]: ...

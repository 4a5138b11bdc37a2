from typing import Any

class APIException(Exception):
    status_code: int
    id_: str
    def __init__(
        self,
        status_code: int,
        message: str,
        error_id: str,
        details: dict[str, Any] | None = ...,
        resource: str | None = ...,
    ) -> None: ...

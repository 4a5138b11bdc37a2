from collections.abc import Sequence
from typing import Any

class DriverManager:
    driver: Any
    def __init__(
        self,
        namespace: str,
        name: str,
        invoke_on_load: bool = ...,
        invoke_args: Sequence[Any] = ...,
    ) -> None: ...

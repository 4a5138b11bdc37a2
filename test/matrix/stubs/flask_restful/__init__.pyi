from collections.abc import Sequence
from typing import Any

class Resource: ...

class Api:
    def add_resource(
        self,
        resource: type[Resource],
        *urls: str,
        endpoint: str = ...,
        resource_class_args: Sequence[Any] = ...,
        resource_class_kwargs: dict[str, Any] = ...,
    ) -> None: ...

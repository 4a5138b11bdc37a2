from typing import Any

class BaseConfdService:
    resource_confd: str | None
    def list(
        self,
        limit: int | None = ...,
        order: str | None = ...,
        direction: str | None = ...,
        offset: int | None = ...,
        search: str | None = ...,
        **kwargs: Any,
    ) -> dict[str, Any]: ...
    def get(self, resource_id: Any) -> dict[str, Any]: ...
    def update(self, resource: dict[str, Any]) -> None: ...
    def create(self, resource: dict[str, Any]) -> dict[str, Any]: ...
    def delete(self, resource_id: Any) -> None: ...

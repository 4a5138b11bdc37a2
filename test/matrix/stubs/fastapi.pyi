from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar('F', bound=Callable[..., Any])

class APIRouter:
    routes: list[Any]
    def __init__(self, *, prefix: str = ..., tags: list[str] | None = ...) -> None: ...
    def get(self, path: str, *, status_code: int | None = ...) -> Callable[[F], F]: ...
    def post(self, path: str, *, status_code: int | None = ...) -> Callable[[F], F]: ...

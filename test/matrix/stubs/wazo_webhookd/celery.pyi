from collections.abc import Callable
from typing import Any

class Task:
    max_retries: int
    request: Any
    def apply(self, args: list[Any]) -> Any: ...
    def delay(self, *args: Any) -> Any: ...
    def retry(self, exc: Exception, countdown: float) -> Exception: ...

class Celery:
    def task(self, *, bind: bool = ..., max_retries: int = ...) -> Callable[[Callable[..., Any]], Task]: ...

app: Celery

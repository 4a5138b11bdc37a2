from collections.abc import Callable
from typing import Any

class Deferred:
    def addCallback(self, callback: Callable[..., Any]) -> Deferred: ...

def succeed(result: Any) -> Deferred: ...

from collections.abc import Callable
from typing import Any

class Status:
    ok: str
    fail: str

class StatusAggregator:
    def add_provider(self, provider: Callable[[dict[str, dict[str, Any]]], None]) -> None: ...

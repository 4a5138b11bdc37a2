from collections.abc import Callable
from typing import Any

def register(handler: Callable[[Any, Any, list[str]], None], setup: Callable[[Any], None] | None = ...) -> None: ...

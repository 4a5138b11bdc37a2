from collections.abc import Callable
from typing import Any

class CoreBusConsumer:
    def subscribe(self, event_name: str, handler: Callable[[dict[str, Any]], None], headers: dict[str, Any] = ...) -> None: ...

class CoreBusPublisher:
    def publish(self, event: Any) -> None: ...

from typing import Any

class BusConsumer:
    def subscribe(self, event_name: str, handler: Any, headers: dict[str, Any] = ...) -> None: ...

class BusPublisher:
    def publish(self, event: Any) -> None: ...

from typing import Any

class PresenceNotifier:
    def __init__(self, bus: Any) -> None: ...

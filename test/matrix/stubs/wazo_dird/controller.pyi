from typing import Any

class Controller:
    services: dict[str, Any]

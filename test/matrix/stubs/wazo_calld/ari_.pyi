from typing import Any

class CoreARI:
    client: Any

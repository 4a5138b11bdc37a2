from typing import Any

class Extension:
    name: str
    obj: Any

from typing import Any, TypedDict

class Config(TypedDict, total=False):
    uuid: str
    debug: bool
    services: dict[str, dict[str, Any]]

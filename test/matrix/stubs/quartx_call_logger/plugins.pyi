from logging import Logger
from typing import Any

class Record:
    INCOMING: int
    RECEIVED: int
    OUTGOING: int
    NOT_ANSWERED: int
    ANSWERED: int
    VOICEMAIL: int
    def __init__(self, call_type: int, **fields: Any) -> None: ...

class Plugin:
    timeout: float
    running: bool
    logger: Logger
    def __init__(self, **settings: Any) -> None: ...
    def push(self, record: Record) -> None: ...
    def run(self) -> None: ...

class SerialPlugin(Plugin):
    def __init__(self, port: str, rate: int, **settings: Any) -> None: ...
    def decode(self, data: bytes) -> str: ...
    def parse(self, data: str) -> Record | None: ...

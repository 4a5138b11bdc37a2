from collections.abc import Callable
from typing import Any

ParserCallback = Callable[[str, str | None, dict[str, Any]], None]

def parse_buffer(raw_buffer: bytes, event_callback: ParserCallback, response_callback: ParserCallback | None) -> bytes: ...

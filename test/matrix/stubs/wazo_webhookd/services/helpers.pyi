from contextlib import AbstractContextManager
from typing import Any

class HookRetry(Exception):
    detail: Any
    def __init__(self, detail: Any) -> None: ...

class HookExpectedError(Exception):
    detail: Any
    def __init__(self, detail: Any) -> None: ...

def requests_automatic_hook_retry(task: Any) -> AbstractContextManager[None]: ...

from typing import Any

class Flask: ...

class Request:
    args: Any
    headers: Any
    def get_json(self, force: bool = ...) -> Any: ...

request: Request

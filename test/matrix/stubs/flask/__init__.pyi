from typing import Any

class Blueprint:
    name: str
    import_name: str

class Flask:
    def register_blueprint(self, blueprint: Blueprint) -> None: ...

class Request:
    args: Any
    headers: Any
    def get_json(self, force: bool = ...) -> Any: ...

request: Request

class HttpReqError(Exception):
    code: int
    message: str
    def __init__(self, code: int, message: str | None = ...) -> None: ...

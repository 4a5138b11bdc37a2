from typing import Any

class InvalidUsernamePassword(Exception):
    def __init__(self, login: str) -> None: ...

class UserParamException(Exception):
    status_code: int
    @classmethod
    def from_errors(cls, errors: Any) -> UserParamException: ...

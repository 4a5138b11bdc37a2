from typing import Any

class InvalidUsernamePassword(Exception):
    def __init__(self, login: str) -> None: ...

class UnknownExternalAuthTypeException(Exception):
    def __init__(self, auth_type: str) -> None: ...

class UserParamException(Exception):
    status_code: int
    @classmethod
    def from_errors(cls, errors: Any) -> UserParamException: ...

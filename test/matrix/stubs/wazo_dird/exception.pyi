class NoSuchProfile(Exception):
    profile: str
    def __init__(self, profile: str) -> None: ...

class NoSuchProfileAPIException(Exception):
    status_code: int
    def __init__(self, uuid: str) -> None: ...

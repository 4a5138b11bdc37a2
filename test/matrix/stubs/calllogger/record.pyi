class CallDataRecord:
    INCOMING: int
    RECEIVED: int
    OUTGOING: int
    number: str
    line: int
    ext: int
    ring: int
    duration: int
    raw: str
    def __init__(self, call_type: int) -> None: ...
    def date_str(self, date: str, fmt: str = ...) -> None: ...

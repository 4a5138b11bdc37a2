class HttpReqError(Exception):
    """Answered with this code and message."""

    def __init__(self, code, message=None):
        super().__init__(message)
        self.code, self.message = code, message

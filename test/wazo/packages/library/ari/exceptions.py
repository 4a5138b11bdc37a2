class ARIException(Exception):
    pass


class ARINotFound(ARIException):
    pass

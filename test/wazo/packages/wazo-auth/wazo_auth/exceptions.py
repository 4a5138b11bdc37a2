from xivo.rest_api_helpers import APIException


class InvalidUsernamePassword(Exception):
    def __init__(self, login):
        super().__init__(f'Invalid username and/or password for {login}')


class UnknownExternalAuthTypeException(APIException):
    def __init__(self, kind):
        super().__init__(404, f'No such auth type: "{kind}"', 'unknown-external-auth-type', {'type': kind})


class UserParamException(APIException):
    @classmethod
    def from_errors(cls, errors):
        return cls(400, 'Sent data is invalid', 'invalid-data', errors)

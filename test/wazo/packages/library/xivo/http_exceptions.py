"""The refusals of a REST API."""

from .rest_api_helpers import APIException


class Unauthorized(APIException):
    def __init__(self, token, required_access=None, **details):
        told = {'invalid_token': token, **details, **({'required_access': required_access} if required_access else {})}
        super().__init__(401, 'Unauthorized', 'unauthorized', told)


class InvalidToken(Unauthorized):
    def __init__(self, token, required_access=None):
        super().__init__(token, required_access, reason='not_found_or_expired')


class MissingPermissions(Unauthorized):
    def __init__(self, token, required_access):
        super().__init__(token, required_access, reason='missing_permission_or_invalid_tenant')


class AuthServerUnreachable(APIException):
    def __init__(self, error):
        told = {'auth_server_host': 'localhost', 'auth_server_port': 9497, 'original_error': str(error)}
        message = 'Authentication server unreachable'
        super().__init__(503, message, 'authentication-server-unreachable', told)

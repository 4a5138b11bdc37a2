from requests import Response
from xivo.rest_api_helpers import APIException

class AJAMUnreachable(APIException):
    def __init__(self, ajam_url: str, error: str | Exception) -> None: ...

class AJAMClient:
    url: str
    def get(self, action: str, ami_args: dict[str, str]) -> Response: ...

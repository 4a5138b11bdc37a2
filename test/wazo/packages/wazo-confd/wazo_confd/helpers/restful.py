from xivo.rest_api_helpers import AuthResource


class ConfdResource(AuthResource):
    pass

from xivo.rest_api_helpers import AuthResource

__all__ = ['AuthResource']

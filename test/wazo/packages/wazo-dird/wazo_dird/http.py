from xivo.rest_api_helpers import AuthResource

LegacyAuthResource = AuthResource

__all__ = ['AuthResource', 'LegacyAuthResource']

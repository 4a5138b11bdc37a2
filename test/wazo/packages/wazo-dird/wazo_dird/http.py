from xivo.resources import AuthResource

LegacyAuthResource = AuthResource

__all__ = ['AuthResource', 'LegacyAuthResource']

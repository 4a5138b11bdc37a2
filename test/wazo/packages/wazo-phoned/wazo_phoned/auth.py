from xivo.resources import AuthResource as TokenAuthResource
from xivo.resources import ErrorCatchingResource as AuthResource

__all__ = ['AuthResource', 'TokenAuthResource']

from xivo.rest_api_helpers import AuthResource as TokenAuthResource
from xivo.rest_api_helpers import ErrorCatchingResource as AuthResource

__all__ = ['AuthResource', 'TokenAuthResource']

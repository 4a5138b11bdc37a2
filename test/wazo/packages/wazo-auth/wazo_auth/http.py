from xivo.auth_verifier import required_acl
from xivo.rest_api_helpers import AuthResource, ErrorCatchingResource

__all__ = ['AuthResource', 'ErrorCatchingResource', 'required_acl']

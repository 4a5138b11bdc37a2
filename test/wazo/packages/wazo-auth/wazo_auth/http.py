from xivo.auth_verifier import required_acl
from xivo.resources import AuthResource, ErrorCatchingResource

__all__ = ['AuthResource', 'ErrorCatchingResource', 'required_acl']

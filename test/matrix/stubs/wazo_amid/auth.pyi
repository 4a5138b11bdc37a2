from collections.abc import Callable
from typing import TypeVar

from xivo.auth_verifier import required_acl as required_acl

F = TypeVar('F', bound=Callable[..., object])

def required_master_tenant() -> Callable[[F], F]: ...

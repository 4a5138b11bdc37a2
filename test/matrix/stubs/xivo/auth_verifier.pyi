from collections.abc import Callable
from typing import TypeVar

F = TypeVar('F', bound=Callable[..., object])

def required_acl(acl: str) -> Callable[[F], F]: ...

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint

F = TypeVar('F', bound=Callable[..., Any])

def menu_item(path: str, text: str, *, icon: str = ..., order: int = ..., multi_tenant: bool = ...) -> Callable[[F], F]: ...
def register_flaskview(blueprint: Blueprint, classful_view: type[Any]) -> None: ...

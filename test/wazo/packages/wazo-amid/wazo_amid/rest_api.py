from xivo.resources import AuthResource

__all__ = ['AuthResource']

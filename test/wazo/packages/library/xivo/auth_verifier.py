"""Rights of REST resources: asked of wazo-auth for each request."""

import functools
import urllib.error
import urllib.parse
import urllib.request

from flask import request

from .http_exceptions import AuthServerUnreachable, InvalidToken, MissingPermissions, Unauthorized

__all__ = ['Unauthorized', 'no_auth', 'required_acl', 'verify_token']

AUTH = 'http://127.0.0.1:9497/0.1'


class _Acl:
    def __init__(self, text):
        self.text = text


def required_acl(acl, **_):
    def mark(function):
        function.acl = _Acl(acl)
        return function

    return mark


def no_auth(function):
    function.acl = None
    return function


def verify_token(function):
    """Decorates the methods of a resource. A method without a right asks for any token."""

    @functools.wraps(function)
    def check(*args, **kwargs):
        acl = getattr(function, 'acl', _Acl(''))
        if acl is not None:
            values = {name: str(value).replace('.', '_') for name, value in kwargs.items()}
            ask(request.headers.get('X-Auth-Token', ''), acl.text.format(**values))
        return function(*args, **kwargs)

    return check


def ask(token, scope):
    """Somebody without a token is asked about, too: while wazo-auth is away, the answer is 503, not 401."""
    query = urllib.parse.urlencode({'scope': scope} if scope else {})
    wanted = urllib.request.Request(f'{AUTH}/token/{urllib.parse.quote(token, safe="")}?{query}', method='HEAD')
    try:
        with urllib.request.urlopen(wanted, timeout=10):
            return
    except urllib.error.HTTPError as error:
        raise (MissingPermissions if error.code == 403 else InvalidToken)(token, scope) from None
    except OSError as error:
        raise AuthServerUnreachable(error) from None

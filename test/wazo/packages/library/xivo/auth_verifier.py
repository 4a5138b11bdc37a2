"""Rights of REST resources: asked of wazo-auth for each request."""

import functools
import urllib.error
import urllib.parse
import urllib.request

from flask import current_app, request

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


class Unauthorized(Exception):
    pass


class ServerDown(Exception):
    pass


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
    if not token:
        raise Unauthorized()
    query = urllib.parse.urlencode({'scope': scope} if scope else {})
    wanted = urllib.request.Request(f'{AUTH}/token/{urllib.parse.quote(token, safe="")}?{query}', method='HEAD')
    try:
        with urllib.request.urlopen(wanted, timeout=10):
            return
    except urllib.error.HTTPError as error:
        current_app.logger.debug('wazo-auth answered %s', error.code)
        raise Unauthorized() from None
    except OSError:
        raise ServerDown() from None

"""Whose request it is: tenant, token and user, as far as a plugin asks."""

import json
import urllib.parse
import urllib.request
from types import SimpleNamespace

from flask import g, request
from werkzeug.local import LocalProxy

from .auth_verifier import AUTH


def _read_token():
    if 'token' not in g:
        name = urllib.parse.quote(request.headers.get('X-Auth-Token', ''), safe='')
        with urllib.request.urlopen(f'{AUTH}/token/{name}', timeout=10) as answer:
            data = json.load(answer)['data']
        found = SimpleNamespace(uuid=data['token'], user_uuid=data['metadata']['uuid'], metadata=data['metadata'])
        found.tenant_uuid = data['metadata']['tenant_uuid']
        found.visible_tenants = lambda tenant_uuid=None: [Tenant(tenant_uuid or found.tenant_uuid)]
        g.token = found
    return g.token


token = LocalProxy(_read_token)
user = LocalProxy(lambda: SimpleNamespace(uuid=token.user_uuid))


class Tenant:
    def __init__(self, uuid):
        self.uuid = uuid

    @classmethod
    def autodetect(cls, many=False):
        return cls(request.headers.get('Wazo-Tenant') or token.tenant_uuid)

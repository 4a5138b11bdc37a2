"""wazo-auth: tokens for all, and the plugins that may hand them out."""

import time
from datetime import datetime, timezone

from flask import request
from xivo import daemon, plugin_helpers
from xivo.auth_verifier import required_acl
from xivo.resources import AuthResource, ErrorCatchingResource
from xivo.rest_api_helpers import APIException

from . import mails
from .exceptions import InvalidUsernamePassword
from .rights import allows
from .store import Store
from .users import Groups, Purposes, Sessions, Users, uuid_of

EVERYTHING = ['#']
CREDENTIALS = '/root/.config/wazo-auth-cli/050-credentials.yml'

SPEC = daemon.Spec(
    'wazo-auth', 9497, '0.1', 'wazo-auth',
    {
        'wazo_auth.backends': 'enabled_backend_plugins',
        'wazo_auth.http': 'enabled_http_plugins',
        'wazo_auth.external_auth': 'enabled_external_auth_plugins',
        'wazo_auth.metadata': 'enabled_metadata_plugins',
    },
    (
        'email_service', 'group_service', 'ldap_service', 'purposes', 'session_service', 'template_formatter',
        'tenant_service', 'token_service', 'user_service',
    ),
    described=('wazo_auth.http', 'wazo_auth.external_auth'),
    join_lists=True,
    defaults={
        'bootstrap_user_on_startup': False,
        'bootstrap_user_username': None,
        'bootstrap_user_password': None,
        'default_policies': {},
        **mails.DEFAULTS,
        'idp_plugins': {},
        'purpose_metadata_mapping': {},
    },
)


class Auth(daemon.Service):
    def __init__(self, spec):
        super().__init__(spec)
        self.store = Store()
        self.store.create_tables()
        if self.config['bootstrap_user_on_startup']:
            name, password = self.config['bootstrap_user_username'], self.config['bootstrap_user_password']
            self.store.set_user(name, password, EVERYTHING)
        self.idps = []
        self.purposes = Purposes(self.config['purpose_metadata_mapping'])
        self.work = {
            'group_service': Groups(),
            'purposes': self.purposes,
            'session_service': Sessions(),
            'user_service': Users(self.store),
        }

    def dependencies(self, group):
        backends = self.loaded.get('wazo_auth.backends')
        return {**super().dependencies(group), 'backends': backends, 'external_auth_service': self.store}

    def load(self):
        super().load()
        found = self.loaded['wazo_auth.metadata']
        self.purposes.plugins = {one.name: one.obj for one in found or []}
        names = {name: value['enabled'] for name, value in self.config['idp_plugins'].items()}
        manager = plugin_helpers.load('wazo_auth.idp', names, self.dependencies('wazo_auth.idp'))
        self.idps = [one.obj for one in manager or [] if getattr(one.obj, 'loaded', False)]
        self.api.add_resource(Tokens, '/token', resource_class_args=[self])
        self.api.add_resource(TokenItem, '/token/<token>', resource_class_args=[self])
        self.api.add_resource(UserList, '/users', resource_class_args=[self.store])
        self.api.add_resource(UserItem, '/users/<uuid:user_uuid>', resource_class_args=[self.store])
        self.api.add_resource(Policies, '/policies', resource_class_args=[self.config['default_policies']])
        self.api.add_resource(ExternalConfig, '/external/<kind>/config', resource_class_args=[self.store])
        self.api.add_resource(
            mails.PasswordReset, '/users/password/reset', resource_class_args=[mails.load(self.config)]
        )
        self.api.add_resource(Backends, '/backends', resource_class_args=[self.loaded['wazo_auth.backends']])

    def login(self):
        basic = request.authorization or None
        args = {'login': basic and basic.username, 'password': basic and basic.password, **(request.get_json(silent=True) or {})}
        for idp in self.idps:
            # the one that says so is the only one asked
            if idp.can_authenticate(args):
                try:
                    backend, login = idp.verify_auth(args)
                except InvalidUsernamePassword:
                    return None
                # that a token of a user tells whose it is, a plugin of wazo-auth itself sees to
                metadata = {'uuid': uuid_of(login), **backend.get_metadata(login, args)}
                return metadata['uuid'], backend.get_acl(login, args), metadata
        found = basic and self.store.verify(basic.username, basic.password)
        return found and (*found, {'uuid': found[0], 'tenant_uuid': self.store.tenant()})


def _told(token, user, acl, expires, tenant, purposes):
    stamp = datetime.fromtimestamp(expires, timezone.utc).replace(tzinfo=None).isoformat()
    metadata = {'uuid': user, 'tenant_uuid': tenant, 'auth_id': user, 'pbx_user_uuid': user}
    for plugin in purposes.get('user').metadata_plugins:
        metadata.update(plugin.get_token_metadata(user, {}))
    return {'token': token, 'auth_id': user, 'acl': acl, 'utc_expires_at': stamp, 'metadata': metadata}


def _refused(code, text):
    """Errors about tokens have a form of their own."""
    return {'reason': [text], 'timestamp': [time.time()], 'status_code': code}, code


class Tokens(ErrorCatchingResource):
    def __init__(self, service):
        self._service = service

    def post(self):
        found = self._service.login()
        if not found:
            return _refused(401, 'Authentication Failed')
        user, acl, metadata = found
        seconds = (request.get_json(silent=True) or {}).get('expiration', 7200)
        token, expires = self._service.store.new_token(user, acl, seconds)
        tenant = metadata.get('tenant_uuid') or self._service.store.tenant()
        return {'data': _told(token, user, acl, expires, tenant, self._service.purposes)}


class TokenItem(ErrorCatchingResource):
    def __init__(self, service):
        self._store, self._purposes = service.store, service.purposes

    def _find(self, name):
        found, scope = self._store.token(name), request.args.get('scope')
        if not found:
            return None, _refused(404, 'No such token')
        if scope and not allows(found[1], scope):
            return None, _refused(403, 'Permission denied')
        return found, None

    def head(self, token):
        _, refusal = self._find(token)
        return refusal or ('', 204)

    def get(self, token):
        found, refusal = self._find(token)
        if refusal:
            return refusal
        user, acl, expires = found
        return {'data': _told(token, user, acl, expires, self._store.tenant(), self._purposes)}

    def delete(self, token):
        self._store.revoke(token)
        return {'data': {'message': 'success'}}


class Backends(ErrorCatchingResource):
    """Told to everybody."""

    def __init__(self, manager):
        self._names = manager.names() if manager else []

    def get(self):
        return {'data': self._names}


class UserList(AuthResource):
    def __init__(self, store):
        self._store = store

    @required_acl('auth.users.create')
    def post(self):
        body = request.get_json(force=True)
        user = uuid_of(body['username'])
        self._store.set_user(body['username'], body['password'], [], user)
        return {'uuid': user, 'username': body['username'], 'tenant_uuid': self._store.tenant()}


class UserItem(AuthResource):
    def __init__(self, store):
        self._store = store

    @required_acl('auth.users.{user_uuid}.delete')
    def delete(self, user_uuid):
        self._store.remove_user(str(user_uuid))
        return '', 204


class Policies(AuthResource):
    def __init__(self, policies):
        self._policies = policies

    @required_acl('auth.policies.read')
    def get(self):
        search = request.args.get('search', '')
        items = [{'slug': slug, **policy} for slug, policy in self._policies.items() if search in slug]
        return {'items': items, 'total': len(self._policies), 'filtered': len(items)}


class ExternalConfig(AuthResource):
    """The account that a tenant has at another service: its plugins ask for it."""

    def __init__(self, store):
        self._store = store

    @required_acl('auth.{kind}.external.config.create')
    def post(self, kind):
        self._store.create('tenant', kind, request.get_json(force=True))
        return '', 201

    @required_acl('auth.{kind}.external.config.update')
    def put(self, kind):
        if not self._store.get('tenant', kind):
            raise APIException(404, 'No config found', 'unknown-external-auth', {'type': kind})
        self._store.update_or_create('tenant', kind, request.get_json(force=True))
        return '', 204


def serve():
    daemon.main(SPEC, Auth)


def bootstrap():
    """The user of wazo-auth-cli, whose password root can read."""
    import os
    import secrets

    Store().create_tables()
    password = secrets.token_urlsafe(20)
    Store().set_user('wazo-auth-cli', password, EVERYTHING)
    os.makedirs(os.path.dirname(CREDENTIALS), exist_ok=True)
    with open(os.open(CREDENTIALS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w', encoding='utf-8') as stream:
        stream.write(f'auth:\n  username: wazo-auth-cli\n  password: {password}\n  backend: wazo_user\n')

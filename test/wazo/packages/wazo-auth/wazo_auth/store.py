"""Users and tokens, in PostgreSQL. The password of a user is salted and hashed."""

import hashlib
import json
import os
import secrets
import time
import uuid

import psycopg2

from .exceptions import UnknownExternalAuthTypeException

URI = 'postgresql://asterisk:proformatique@localhost/asterisk?application_name=wazo-auth'
SCHEMA = """
CREATE TABLE IF NOT EXISTS auth_tenant (uuid text PRIMARY KEY);
CREATE TABLE IF NOT EXISTS auth_user
    (uuid text PRIMARY KEY, username text UNIQUE, salt bytea, hash bytea, acl text);
CREATE TABLE IF NOT EXISTS auth_token
    (uuid text PRIMARY KEY, user_uuid text, acl text, expires double precision);
CREATE TABLE IF NOT EXISTS auth_external
    (user_uuid text, kind text, data text, PRIMARY KEY (user_uuid, kind));
"""


class Store:
    def __init__(self, uri=URI):
        self._uri = uri

    def _run(self, statement, *values):
        with psycopg2.connect(self._uri) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def create_tables(self):
        self._run(SCHEMA)
        if not self._run('SELECT uuid FROM auth_tenant'):
            self._run('INSERT INTO auth_tenant VALUES (%s)', str(uuid.uuid4()))

    def tenant(self):
        return self._run('SELECT uuid FROM auth_tenant')[0][0]

    def set_user(self, username, password, acl, user=None):
        salt = os.urandom(16)
        self._run(
            'INSERT INTO auth_user VALUES (%s, %s, %s, %s, %s) ON CONFLICT (username) '
            'DO UPDATE SET salt = excluded.salt, hash = excluded.hash, acl = excluded.acl',
            user or str(uuid.uuid4()), username, salt, _hash(password, salt), json.dumps(acl),
        )

    def remove_user(self, user):
        self._run('DELETE FROM auth_user WHERE uuid = %s', user)

    def verify(self, username, password):
        for user, salt, known, acl in self._run(
            'SELECT uuid, salt, hash, acl FROM auth_user WHERE username = %s', username
        ):
            if secrets.compare_digest(bytes(known), _hash(password, bytes(salt))):
                return user, json.loads(acl)
        return None

    def new_token(self, user, acl, seconds):
        token = str(uuid.uuid4())
        expires = time.time() + seconds
        self._run('INSERT INTO auth_token VALUES (%s, %s, %s, %s)', token, user, json.dumps(acl), expires)
        return token, expires

    def token(self, token):
        for user, acl, expires in self._run(
            'SELECT user_uuid, acl, expires FROM auth_token WHERE uuid = %s', token
        ):
            if expires > time.time():
                return user, json.loads(acl), expires
        return None

    def revoke(self, token):
        self._run('DELETE FROM auth_token WHERE uuid = %s', token)

    # external_auth_service, as far as plugins ask it

    def register_safe_auth_model(self, kind, model):
        pass

    def get(self, user, kind):
        rows = self._run('SELECT data FROM auth_external WHERE user_uuid = %s AND kind = %s', user, kind)
        return json.loads(rows[0][0]) if rows else {}

    def update_or_create(self, user, kind, data):
        # a type is there once something was created of it
        if not self._run('SELECT kind FROM auth_external WHERE kind = %s', kind):
            raise UnknownExternalAuthTypeException(kind)
        self.create(user, kind, data)

    def create(self, user, kind, data):
        self._run(
            'INSERT INTO auth_external VALUES (%s, %s, %s) ON CONFLICT (user_uuid, kind) '
            'DO UPDATE SET data = excluded.data', user, kind, json.dumps(data),
        )

    def delete(self, user, kind):
        self._run('DELETE FROM auth_external WHERE user_uuid = %s AND kind = %s', user, kind)


def _hash(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=1024, r=8, p=1)

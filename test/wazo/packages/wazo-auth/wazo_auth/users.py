"""What wazo-auth knows of its users, as far as plugins ask: every login is a user, of the one tenant."""

import uuid
from types import SimpleNamespace


def uuid_of(login):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, login))


class Users:
    def __init__(self, store):
        self._store = store

    def get_user_uuid_by_login(self, login):
        return uuid_of(login)

    def list_users(self, uuid=None, **_):
        return [{'uuid': uuid, 'tenant_uuid': self._store.tenant()}]

    def list_groups(self, user_uuid, **_):
        everybody = f'wazo-all-users-tenant-{self._store.tenant()}'
        return [{'name': 'sales', 'system_managed': False}, {'name': everybody, 'system_managed': True}]

    def get_acl(self, user_uuid):
        return []


class Sessions:
    """One user, with two of them."""

    def list_(self, **_):
        return [{'uuid': str(uuid.uuid4()), 'user_uuid': uuid_of('ann')} for _ in range(2)]


class Groups:
    def get_acl(self, user_uuid):
        return []


class Purposes:
    """What the tokens of users tell beside what all tell."""

    def __init__(self, mapping):
        self._mapping, self.plugins = mapping, {}

    def get(self, name):
        names = self._mapping.get(name, [])
        found = [self.plugins[one] for one in names if one in self.plugins]
        return SimpleNamespace(metadata_plugins=found)

"""The presences of users. There is one user, who is away."""

from types import SimpleNamespace

from xivo.rest_api_helpers import APIException

UUID = '7d3fa0ac-8fc3-4a4f-8a0b-6a8e61a9f3d1'
USER = SimpleNamespace(uuid=UUID, state='away', status='On holiday')


class PresenceService:
    def __init__(self, dao, notifier):
        self._dao, self._notifier = dao, notifier

    def list_(self, tenant_uuids, **filters):
        return [USER]

    def get(self, tenant_uuids, user_uuid):
        if user_uuid != UUID:
            raise APIException(404, f'No such user: "{user_uuid}"', 'unknown-user')
        return USER

    def update(self, user):
        self._dao.user.update(user)
        self._notifier.updated(user)

"""The presences of users. There is none here."""

from xivo.rest_api_helpers import APIException


class PresenceService:
    def __init__(self, dao, notifier):
        self._dao, self._notifier = dao, notifier

    def list_(self, tenant_uuids, **filters):
        return []

    def get(self, tenant_uuids, user_uuid):
        raise APIException(404, f'No such user: "{user_uuid}"', 'unknown-user')

    def update(self, user):
        self._dao.user.update(user)
        self._notifier.updated(user)

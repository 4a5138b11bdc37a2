# SPDX-License-Identifier: # @= license @#
class PresenceService:
    def __init__(self, dao, notifier):
        self._dao = dao
        self._notifier = notifier

    def list_(self, tenant_uuids):
        return self._dao.user.list_(tenant_uuids)

    def get(self, tenant_uuids, user_uuid):
        return self._dao.user.get(tenant_uuids, user_uuid)

    def update(self, user):
        self._dao.user.update(user)
        self._notifier.updated(user)

# SPDX-License-Identifier: # @= license @#
class BaseAuthenticationBackend:
    def load(self, dependencies):
        pass

    def get_metadata(self, login, args):
        ids = dict.fromkeys(('auth_id', 'pbx_user_uuid'))
        return ids | {'username': login, 'xivo_uuid': 'xivo-uuid'}

    def get_persistent_metadata(self, login, args):
        return {}


class BaseEmailNotification:
    def __init__(self, *args, **kwargs):
        pass


class BaseMetadata:
    def load(self, dependencies):
        self._user_service = dependencies['user_service']

    def get_persistent_metadata(self, login, args):
        return {}

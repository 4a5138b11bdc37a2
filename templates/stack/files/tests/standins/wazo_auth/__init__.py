# SPDX-License-Identifier: # @= license @#
class BaseAuthenticationBackend:
    def load(self, dependencies):
        pass

    def get_metadata(self, login, args):
        return {'auth_id': None, 'pbx_user_uuid': None, 'username': login, 'xivo_uuid': 'xivo-uuid'}

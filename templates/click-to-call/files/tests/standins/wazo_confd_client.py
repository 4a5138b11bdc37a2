# SPDX-License-Identifier: # @= license @#
"""As much of wazo-confd's client as finds a user's lines; its settings hold them."""


class Client:
    def __init__(self, users):
        self._users = users
        self.users = self
        self.lines = Lines(users)

    def set_token(self, token):
        pass

    def get(self, user_uuid, tenant_uuid):
        return {'lines': [{'id': line['id']} for line in self._users[user_uuid]]}


class Lines:
    def __init__(self, users):
        self._lines = {line['id']: line for lines in users.values() for line in lines}

    def get(self, line_id, tenant_uuid):
        return self._lines[line_id]

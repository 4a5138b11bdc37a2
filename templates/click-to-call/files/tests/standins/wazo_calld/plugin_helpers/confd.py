# SPDX-License-Identifier: # @= license @#
"""Users and their lines, as wazo-confd tells."""


class User:
    def __init__(self, user_uuid, confd_client, tenant_uuid=None):
        self._where = (user_uuid, confd_client, tenant_uuid)

    def main_line(self):
        user_uuid, confd, tenant_uuid = self._where
        first = confd.users.get(user_uuid, tenant_uuid=tenant_uuid)['lines'][0]
        return Line(confd.lines.get(first['id'], tenant_uuid=tenant_uuid))


class Line:
    def __init__(self, line):
        self._line = line

    def context(self):
        return self._line['context']

    def interface(self):
        return f"pjsip/{self._line['name']}"

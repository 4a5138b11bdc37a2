"""Users and their lines, as wazo-confd tells of them: each has one, whose phone is online."""


class Line:
    def context(self):
        return 'default'

    def interface(self):
        return 'PJSIP/ann'

    def is_online(self, ari):
        return True

    def protocol(self):
        return 'sip'


class User:
    def __init__(self, uuid, confd_client, tenant_uuid=None):
        pass

    def main_line(self):
        return Line()

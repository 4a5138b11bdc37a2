# SPDX-License-Identifier: # @= license @#
class Client:
    def __init__(self, host, **options):
        self.host = host

    def set_token(self, token):
        pass

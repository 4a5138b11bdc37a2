# SPDX-License-Identifier: # @= license @#
class BaseAuthenticationBackend:
    def load(self, dependencies):
        pass

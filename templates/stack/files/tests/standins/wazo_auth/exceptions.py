# SPDX-License-Identifier: # @= license @#
class InvalidUsernamePassword(Exception):
    pass

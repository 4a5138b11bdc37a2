# SPDX-License-Identifier: # @= license @#
class InvalidUsernamePassword(Exception):
    pass


class UnknownExternalAuthTypeException(Exception):
    status_code = 404


class UserParamException(Exception):
    status_code = 400

    @classmethod
    def from_errors(cls, errors):
        return cls(errors)

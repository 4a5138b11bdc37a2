# SPDX-License-Identifier: # @= license @#
class APIException(Exception):
    def __init__(self, status_code, message, error_id, details=None, resource=None):
        super().__init__(message)
        self.status_code = status_code
        self.message = message

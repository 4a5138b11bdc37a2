# SPDX-License-Identifier: # @= license @#
class HttpReqError(Exception):
    """Answered with this code and message."""

    def __init__(self, code, message=None):
        self.code = code
        self.message = message

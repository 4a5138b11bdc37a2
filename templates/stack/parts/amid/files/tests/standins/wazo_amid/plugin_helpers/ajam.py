# SPDX-License-Identifier: # @= license @#
from xivo.rest_api_helpers import APIException


class AJAMUnreachable(APIException):
    def __init__(self, url, error):
        super().__init__(503, 'AJAM server unreachable', 'ajam-unreachable')

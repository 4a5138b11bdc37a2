# SPDX-License-Identifier: # @= license @#
from enum import Enum


class RequestType(Enum):
    HTTP = 'http'
    TFTP = 'tftp'
    DHCP = 'dhcp'

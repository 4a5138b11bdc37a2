# SPDX-License-Identifier: # @= license @#
from enum import IntEnum


class DeviceSupport(IntEnum):
    NONE = 0
    IMPROBABLE = 100
    UNKNOWN = 200
    PROBABLE = 300
    INCOMPLETE = 400
    COMPLETE = 500
    EXACT = 600


class BasePgAssociator:
    def associate(self, dev_info):
        if dev_info.get('vendor') is None:
            return DeviceSupport.UNKNOWN
        return self._do_associate(dev_info['vendor'], dev_info.get('model'), dev_info.get('version'))

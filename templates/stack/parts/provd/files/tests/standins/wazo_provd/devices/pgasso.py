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
        vendor, model = dev_info.get('vendor'), dev_info.get('model')
        if vendor is None:
            return DeviceSupport.UNKNOWN
        return self._do_associate(vendor, model, dev_info.get('version'))

    def _do_associate(self, vendor, model, version):
        raise NotImplementedError

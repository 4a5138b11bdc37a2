from enum import IntEnum
from typing import Any

class DeviceSupport(IntEnum):
    IMPROBABLE = 1
    UNKNOWN = 2
    PROBABLE = 3
    COMPLETE = 4
    EXACT = 5

class BasePgAssociator:
    def associate(self, dev_info: dict[str, Any]) -> DeviceSupport: ...
    def _do_associate(self, vendor: str, model: str | None, version: str | None) -> DeviceSupport: ...

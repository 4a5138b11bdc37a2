from collections.abc import Mapping
from typing import Any

class ServiceEvent:
    service: str
    name: str
    routing_key_fmt: str
    content: Mapping[str, Any]
    def __init__(self, content: Mapping[str, Any] | None = ...) -> None: ...

class TenantEvent(ServiceEvent):
    tenant_uuid: str
    def __init__(self, content: Mapping[str, Any] | None, tenant_uuid: str) -> None: ...

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

class TransportData: ...

@dataclass
class WebhookData(TransportData):
    body: Mapping[str, str]
    headers: Mapping[str, str] = ...

@dataclass
class ConfigField:
    name: str
    label: Mapping[str, str]
    type: str = ...

@dataclass
class StatusUpdate:
    external_id: str
    status: str
    backend: str

@dataclass
class InboundMessage:
    sender: str
    recipient: str
    body: str
    backend: str
    message_type: str
    external_id: str
    metadata: Mapping[str, Any] = ...

@dataclass
class OutboundMessage:
    room_uuid: str
    message_uuid: str
    sender_uuid: str
    body: str
    message_type: str
    sender_identity: str = ...
    recipient_identity: str = ...

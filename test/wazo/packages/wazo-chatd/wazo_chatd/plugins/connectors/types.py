from dataclasses import dataclass, field


class TransportData:
    pass


@dataclass
class WebhookData(TransportData):
    body: dict
    headers: dict = field(default_factory=dict)


@dataclass
class ConfigField:
    name: str
    label: dict
    type: str = 'string'


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
    metadata: dict = field(default_factory=dict)


@dataclass
class OutboundMessage:
    room_uuid: str
    message_uuid: str
    sender_uuid: str
    body: str
    message_type: str
    sender_identity: str = ''
    recipient_identity: str = ''

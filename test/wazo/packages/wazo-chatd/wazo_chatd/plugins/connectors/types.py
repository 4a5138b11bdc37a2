# SPDX-License-Identifier: # @= license @#
from dataclasses import dataclass, field


@dataclass
class WebhookData:
    body: dict
    headers: dict = field(default_factory=dict)


@dataclass
class InboundMessage:
    sender: str
    recipient: str
    body: str
    backend: str
    message_type: str
    external_id: str


@dataclass
class OutboundMessage:
    room_uuid: str
    message_uuid: str
    sender_uuid: str
    body: str
    message_type: str
    sender_identity: str = ''
    recipient_identity: str = ''

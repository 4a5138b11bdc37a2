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
    message_uuid: str
    sender: str
    recipient: str
    body: str

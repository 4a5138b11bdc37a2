# SPDX-License-Identifier: # @= license @#
"""An event that webhooks can be tried with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError
from wazo_bus.resources.common.event import TenantEvent
from xivo.status import Status

if TYPE_CHECKING:
    from stevedore.named import NamedExtensionManager
    from wazo_webhookd.bus import BusPublisher
    from wazo_webhookd.plugins.subscription.service import SubscriptionService


class TestEvent(TenantEvent):
    """Reaches the users of the tenant through websockets, and webhooks."""

    service = 'webhookd'
    name = 'acme_example_test'
    routing_key_fmt = 'webhookd.acme_example.test'


class TestService:
    def __init__(
        self,
        subscriptions: SubscriptionService,
        services: NamedExtensionManager,
        bus: BusPublisher,
        max_length: int,
    ) -> None:
        self._subscriptions = subscriptions
        self._services = services
        self._bus = bus
        self._max_length = max_length

    def list_(self, tenant_uuid: str) -> list[dict[str, str]]:
        """List the subscriptions of the tenant that a test reaches."""
        found = self._subscriptions.list(owner_tenant_uuids=[tenant_uuid])
        return [
            {'uuid': str(subscription.uuid), 'name': subscription.name}
            for subscription in found
            if TestEvent.name in subscription.events
        ]

    def send(self, tenant_uuid: str, text: str) -> None:
        if len(text) > self._max_length:
            raise ValidationError({'text': [f'longer than {self._max_length}']})
        self._bus.publish(TestEvent({'text': text}, tenant_uuid))

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether there is a service that a webhook can use."""
        ok = bool(self._services and self._services.names())
        status['acme_example']['status'] = Status.ok if ok else Status.fail

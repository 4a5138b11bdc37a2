# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-webhookd loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wazo_webhookd.plugins.subscription.notifier import SubscriptionNotifier
from wazo_webhookd.plugins.subscription.service import SubscriptionService

from .http import TestsResource
from .service import TestService

if TYPE_CHECKING:
    from wazo_webhookd.types import PluginDependencyDict


class Plugin:
    def load(self, dependencies: PluginDependencyDict) -> None:
        # with what the settings of this plugin add
        config: dict[str, Any] = {**dependencies['config']}
        bus = dependencies['bus_publisher']
        # that of wazo-webhookd itself, over its database
        notifier = SubscriptionNotifier(bus)
        subscriptions = SubscriptionService(dependencies['config'], notifier)
        settings = config.get('acme_example', {})
        service = TestService(
            subscriptions,
            dependencies['service_manager'],
            bus,
            settings.get('max_length', 1000),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            TestsResource,
            '/acme/example/tests',
            endpoint='acme_example_tests',
            resource_class_args=[service],
        )

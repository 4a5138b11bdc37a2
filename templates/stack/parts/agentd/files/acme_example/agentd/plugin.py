# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-agentd loads at its start."""

from typing import Any

from .http import BreaksResource
from .service import BreakService


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example', {})
        service = BreakService(
            dependencies['service_proxy'],
            dependencies['bus_publisher'],
            settings.get('reasons', ['lunch', 'training']),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            BreaksResource,
            '/acme/example/breaks',
            endpoint='acme_example_breaks',
            resource_class_args=[service],
        )

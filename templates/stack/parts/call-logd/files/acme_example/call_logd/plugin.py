# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-call-logd loads at its start."""

from typing import Any

from .http import ReportsResource
from .service import ReportService


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example', {})
        service = ReportService(
            dependencies['dao'],
            dependencies['bus_publisher'],
            settings.get('max_days', 31),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            ReportsResource,
            '/acme/example/reports',
            endpoint='acme_example_reports',
            resource_class_args=[service],
        )

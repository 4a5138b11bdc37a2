# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-calld loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .http import LabelsResource
from .service import LabelService

if TYPE_CHECKING:
    from wazo_calld.types import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        settings = dependencies['config'].get('acme_example', {})
        service = LabelService(
            dependencies['ari'],
            dependencies['bus_publisher'],
            settings.get('labels', ['sales', 'support']),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            LabelsResource,
            '/acme/example/labels',
            endpoint='acme_example_labels',
            resource_class_args=[service],
        )

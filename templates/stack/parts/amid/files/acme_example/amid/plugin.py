# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-amid loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .http import VariablesResource
from .service import VariableService

if TYPE_CHECKING:
    from wazo_amid.rest_api import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        # with what the settings of this plugin add
        config: dict[str, Any] = {**dependencies['config']}
        settings = config.get('acme_example', {})
        service = VariableService(
            dependencies['ajam_client'],
            settings.get('variables', ['ACME_EXAMPLE_NIGHT']),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            VariablesResource,
            '/acme/example/variables',
            endpoint='acme_example_variables',
            resource_class_args=[service],
        )

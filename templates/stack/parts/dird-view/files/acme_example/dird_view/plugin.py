# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-dird loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wazo_dird import BaseViewPlugin

from .http import NamesResource
from .names import Names

if TYPE_CHECKING:
    from wazo_dird.plugin_manager import ViewDependencies


class Plugin(BaseViewPlugin):
    def load(self, dependencies: ViewDependencies) -> None:
        # with what the settings of this plugin add
        config: dict[str, Any] = {**dependencies['config']}
        settings = config.get('acme_example', {})
        names = Names(dependencies['services'], settings.get('profile', 'default'))
        dependencies['status_aggregator'].add_provider(names.provide_status)
        dependencies['api'].add_resource(
            NamesResource,
            '/acme/example/names',
            endpoint='acme_example_names',
            resource_class_args=[names],
        )

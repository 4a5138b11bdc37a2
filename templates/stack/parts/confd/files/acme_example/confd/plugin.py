# SPDX-License-Identifier: # @= license @#
"""What wazo-confd loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .http import GreetingResource

if TYPE_CHECKING:
    from wazo_confd.helpers.types import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        api = dependencies['api']
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            GreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

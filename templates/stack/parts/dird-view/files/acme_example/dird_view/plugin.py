# SPDX-License-Identifier: # @= license @#
"""What wazo-dird loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wazo_dird import BaseViewPlugin

from .http import GreetingResource

if TYPE_CHECKING:
    from wazo_dird.plugin_manager import ViewDependencies


class Plugin(BaseViewPlugin):
    def load(self, dependencies: ViewDependencies) -> None:
        api = dependencies['api']
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            GreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

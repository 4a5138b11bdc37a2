# SPDX-License-Identifier: # @= license @#
"""What wazo-webhookd loads at its start."""

from typing import Any

from .http import GreetingResource


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        api = dependencies['api']
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            GreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

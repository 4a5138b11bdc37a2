# SPDX-License-Identifier: # @= license @#
"""What wazo-phoned loads at its start."""

from typing import Any

from wazo_phoned.plugin_helpers.common import create_blueprint_api

from .http import GreetingResource


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        # phoned keeps the endpoint names of its plugins apart by blueprints
        app = dependencies['app']
        api = create_blueprint_api(app, 'acme_example_plugin', __name__)
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            GreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

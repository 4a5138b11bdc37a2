# SPDX-License-Identifier: # @= license @#
"""What wazo-phoned loads at its start."""

from wazo_phoned.plugin_helpers.common import create_blueprint_api

from .http import AcmeExampleGreetingResource


class Plugin:
    def load(self, dependencies):
        # phoned keeps the endpoint names of its plugins apart by blueprints
        api = create_blueprint_api(dependencies['app'], 'acme_example_plugin', __name__)
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            AcmeExampleGreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

# SPDX-License-Identifier: # @= license @#
"""What wazo-confd loads at its start."""

from .http import AcmeExampleGreetingResource


class Plugin:
    def load(self, dependencies):
        api = dependencies['api']
        settings = dependencies['config'].get('acme_example', {})
        api.add_resource(
            AcmeExampleGreetingResource,
            '/acme/example/greetings/<name>',
            endpoint='acme_example_greetings',
            resource_class_args=[settings.get('greeting', 'Hello')],
        )

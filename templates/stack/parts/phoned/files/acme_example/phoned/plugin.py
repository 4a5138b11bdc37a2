# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-phoned loads at its start."""

from typing import Any

from wazo_amid_client import Client as AmidClient
from wazo_phoned.plugin_helpers.common import create_blueprint_api

from .http import LampsResource
from .service import LampService


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        config = dependencies['config']
        amid = AmidClient(**config['amid'])
        dependencies['token_changed_subscribe'](amid.set_token)
        settings = config.get('acme_example', {})
        service = LampService(amid, settings.get('lamps', ['door', 'desk']))
        dependencies['status_aggregator'].add_provider(service.provide_status)
        # phoned keeps the endpoint names of its plugins apart by blueprints
        app = dependencies['app']
        api = create_blueprint_api(app, 'acme_example_plugin', __name__)
        api.add_resource(
            LampsResource,
            '/acme/example/lamps',
            endpoint='acme_example_lamps',
            resource_class_args=[service],
        )

# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-auth loads at its start."""

from typing import Any

from .http import ExternalResource, SafeData


class Plugin:
    plugin_info: dict[str, list[str]] = {'required_acl': []}

    def load(self, dependencies: dict[str, Any]) -> None:
        service = dependencies['external_auth_service']
        service.register_safe_auth_model('acme_example', SafeData)
        dependencies['api'].add_resource(
            ExternalResource,
            '/users/<uuid:user_uuid>/external/acme_example',
            endpoint='acme_example_external',
            resource_class_args=[service],
        )

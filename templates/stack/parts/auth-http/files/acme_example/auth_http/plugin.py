# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-auth loads at its start."""

from typing import Any

from .http import SignOutsResource
from .service import SignOutService


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example', {})
        # those of wazo-auth itself: they tell the bus what they delete
        service = SignOutService(
            dependencies['user_service'],
            dependencies['session_service'],
            dependencies['token_service'],
            settings.get('max_users', 50),
        )
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            SignOutsResource,
            '/acme/example/sign-outs',
            endpoint='acme_example_sign_outs',
            resource_class_args=[service],
        )

# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-confd loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wazo_confd.plugins.user.service import build_service_callservice

from .http import QuietUsersResource
from .service import QuietService

if TYPE_CHECKING:
    from wazo_confd.helpers.types import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        settings = dependencies['config'].get('acme_example', {})
        # that of wazo-confd itself: it tells the bus once the database has it
        users = build_service_callservice()
        service = QuietService(users, settings.get('max_users', 50))
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            QuietUsersResource,
            '/acme/example/quiet-users',
            endpoint='acme_example_quiet_users',
            resource_class_args=[service],
        )

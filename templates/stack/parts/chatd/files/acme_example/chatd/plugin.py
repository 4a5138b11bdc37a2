# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-chatd loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wazo_chatd.plugins.presences.notifier import PresenceNotifier
from wazo_chatd.plugins.presences.services import PresenceService

from .http import AbsencesResource
from .service import AbsenceService

if TYPE_CHECKING:
    from wazo_chatd.plugin_helpers.dependencies import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        settings = dependencies['config'].get('acme_example', {})
        # those of wazo-chatd itself: they tell the bus what they change
        notifier = PresenceNotifier(dependencies['bus_publisher'])
        presences = PresenceService(dependencies['dao'], notifier)
        service = AbsenceService(presences, settings.get('max_users', 50))
        dependencies['status_aggregator'].add_provider(service.provide_status)
        dependencies['api'].add_resource(
            AbsencesResource,
            '/acme/example/absences',
            endpoint='acme_example_absences',
            resource_class_args=[service],
        )

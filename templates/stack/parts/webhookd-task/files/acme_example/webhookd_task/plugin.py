# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-webhookd loads at its start: it hands events to a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .tasks import forward

if TYPE_CHECKING:
    from wazo_webhookd.types import PluginDependencyDict


class Plugin:
    def load(self, dependencies: PluginDependencyDict) -> None:
        # with what the settings of this plugin add
        config: dict[str, Any] = {**dependencies['config']}
        settings = config.get('acme_example', {})
        self._url = settings.get('url')
        if self._url:
            for name in settings.get('events', []):
                dependencies['bus_consumer'].subscribe(name, self.on_event)

    def on_event(self, event: dict[str, Any]) -> None:
        # the thread that reads the bus must not wait for the other side
        forward.delay(self._url, {'name': event['name'], 'data': event['data']})

# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-sysconfd loads at its start."""

from typing import Any

from .http import router_of
from .motd import Motd


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config'].get('acme_example', {})
        motd = Motd(settings.get('motd_file', '/etc/motd'))
        dependencies['status_aggregator'].add_provider(motd.provide_status)
        dependencies['api'].include_router(router_of(motd))

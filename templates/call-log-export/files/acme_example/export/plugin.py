# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-call-logd loads at its start."""

from typing import Any

from .files import DailyFiles


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        settings = dependencies['config']['acme_example_export']
        files = DailyFiles(settings['folder'], settings['columns'])
        # the handler gets the data of the event alone
        dependencies['bus_consumer'].subscribe('call_log_created', files.add)

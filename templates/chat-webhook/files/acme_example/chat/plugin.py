# SPDX-License-Identifier: # @= license @#
"""A type of webhook: writes a line into a chat room."""

from typing import Any

import requests
from wazo_webhookd.services.helpers import (
    HookExpectedError,
    requests_automatic_hook_retry,
)

from .text import line_of

SECONDS = (5, 15)


class Service:
    def load(self, dependencies: dict[str, Any]) -> None:
        """Called in the service only: run is called in another process."""

    @classmethod
    def run(
        cls,
        task: Any,
        config: dict[str, Any],
        subscription: dict[str, Any],
        event: dict[str, Any],
    ) -> dict[str, Any]:
        # all settings of a subscription are texts
        settings = subscription['config']
        url = settings.get('url', '')
        if not url.startswith(('https://', 'http://')):
            raise HookExpectedError({'error': 'the subscription has no url'})
        text = line_of(event, settings.get('text'))
        # tries again later when the room's server cannot be reached, or asks for it
        with requests_automatic_hook_retry(task):
            response = requests.post(url, json={'text': text}, timeout=SECONDS)
            response.raise_for_status()
        return {'status_code': response.status_code, 'text': text}

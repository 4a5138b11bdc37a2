# SPDX-License-Identifier: # @= license @#
"""A type of webhook: posts a text about each event, as chat rooms take it."""

from typing import Any

import requests
from wazo_webhookd.services.helpers import (
    HookExpectedError,
    requests_automatic_hook_retry,
)


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
        # a subscription's settings are texts
        url = subscription['config'].get('url')
        if not url:
            raise HookExpectedError({'error': 'the subscription has no url'})
        with requests_automatic_hook_retry(task):
            response = requests.post(url, json=message(event), timeout=(5, 15))
            response.raise_for_status()
        return {'status_code': response.status_code}


def message(event: dict[str, Any]) -> dict[str, str]:
    details = ', '.join(
        f'{key}: {value}' for key, value in sorted((event.get('data') or {}).items())
    )
    return {'text': f"{event['name']} ({details})" if details else event['name']}

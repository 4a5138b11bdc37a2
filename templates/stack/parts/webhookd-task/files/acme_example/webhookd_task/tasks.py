# SPDX-License-Identifier: # @= license @#
"""Tasks for the workers of wazo-webhookd: processes of their own, which import this."""

from typing import Any

import requests
from wazo_webhookd.celery import app

ATTEMPTS = 6


# what a task is given goes through a queue, so it must be JSON
@app.task(bind=True, max_retries=ATTEMPTS - 1)
def forward(task: Any, url: str, event: dict[str, Any]) -> int:
    """Post an event; try again after 20, 40, 80 … seconds."""
    try:
        response = requests.post(url, json=event, timeout=(5, 15))
        response.raise_for_status()
    except requests.RequestException as error:
        raise task.retry(exc=error, countdown=20 * 2**task.request.retries) from error
    return response.status_code

"""Subscriptions, kept as long as the service runs."""

import uuid
from types import SimpleNamespace

KEPT = []


class SubscriptionService:
    def __init__(self, config, notifier):
        self._config, self._notifier = config, notifier

    def list(self, *_, **__):
        return [SimpleNamespace(**one) for one in KEPT]

    def create(self, body):
        KEPT.append({**body, 'uuid': str(uuid.uuid4())})
        return KEPT[-1]

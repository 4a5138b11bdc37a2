"""Subscriptions, of which there is none here."""


class SubscriptionService:
    def __init__(self, config, notifier):
        self._config, self._notifier = config, notifier

    def list(self, *_, **__):
        return []

# SPDX-License-Identifier: # @= license @#
class SubscriptionService:
    def __init__(self, config, notifier):
        self._config = config

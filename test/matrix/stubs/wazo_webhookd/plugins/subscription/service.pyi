from typing import Any

from wazo_webhookd.plugins.subscription.notifier import SubscriptionNotifier
from wazo_webhookd.types import WebhookdConfigDict

class SubscriptionService:
    def __init__(self, config: WebhookdConfigDict, notifier: SubscriptionNotifier) -> None: ...
    def list(self, owner_tenant_uuids: Any = ..., owner_user_uuid: Any = ...) -> list[Any]: ...

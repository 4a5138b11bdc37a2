from collections.abc import Callable, Collection
from typing import Any, TypedDict

from flask_restful import Api
from stevedore.named import NamedExtensionManager
from wazo_webhookd.bus import BusConsumer, BusPublisher
from xivo.status import StatusAggregator

class WebhookdConfigDict(TypedDict):
    db_uri: str
    uuid: str

class PluginDependencyDict(TypedDict):
    api: Api
    auth_client: Any
    bus_consumer: BusConsumer
    bus_publisher: BusPublisher
    config: WebhookdConfigDict
    status_aggregator: StatusAggregator
    service_manager: NamedExtensionManager
    next_token_change_subscribe: Callable[[Callable[[Collection[str]], None]], None]

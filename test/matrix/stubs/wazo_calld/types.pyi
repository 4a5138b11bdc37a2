from collections.abc import Callable, Collection
from typing import Any, TypedDict

from flask_restful import Api
from wazo_calld.ari_ import CoreARI
from wazo_calld.bus import CoreBusConsumer, CoreBusPublisher
from xivo.status import StatusAggregator

class PluginDependencies(TypedDict):
    api: Api
    ari: CoreARI
    asyncio: Any
    bus_publisher: CoreBusPublisher
    bus_consumer: CoreBusConsumer
    collectd: Any
    config: dict[str, Any]
    status_aggregator: StatusAggregator
    pubsub: Any
    token_changed_subscribe: Callable[[Callable[[Collection[str]], None]], None]
    next_token_changed_subscribe: Callable[[Callable[[Collection[str]], None]], None]

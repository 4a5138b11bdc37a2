from collections.abc import Callable
from typing import Any, TypedDict

from flask_restful import Api
from xivo.status import StatusAggregator

class PluginDependencies(TypedDict):
    api: Api
    aio: Any
    config: dict[str, Any]
    dao: Any
    bus_consumer: Any
    bus_publisher: Any
    status_aggregator: StatusAggregator
    thread_manager: Any
    token_changed_subscribe: Callable[[Callable[..., None]], None]
    next_token_changed_subscribe: Callable[[Callable[..., None]], None]
    hooks: Any

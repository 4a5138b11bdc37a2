from collections.abc import Callable
from typing import Any, TypedDict

from flask_restful import Api
from xivo.status import StatusAggregator

class PluginDependencies(TypedDict):
    api: Api
    config: dict[str, Any]
    token_changed_subscribe: Callable[[Callable[[str], None]], None]
    bus_consumer: Any
    bus_publisher: Any
    auth_client: Any
    middleware_handle: Any
    pjsip_doc: Any
    status_aggregator: StatusAggregator

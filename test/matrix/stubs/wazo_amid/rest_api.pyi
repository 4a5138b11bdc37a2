from typing import TypedDict

from flask_restful import Api, Resource
from wazo_amid.plugin_helpers.ajam import AJAMClient
from xivo.status import StatusAggregator

class AmidConfigDict(TypedDict):
    uuid: str
    enabled_plugins: dict[str, bool]

class PluginDependencies(TypedDict):
    api: Api
    ajam_client: AJAMClient
    config: AmidConfigDict
    status_aggregator: StatusAggregator

class AuthResource(Resource): ...

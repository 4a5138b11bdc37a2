from typing import Any, TypedDict

from flask import Flask
from flask_restful import Api
from wazo_dird.config import Config
from wazo_dird.controller import Controller
from xivo.status import StatusAggregator

class ServiceDependencies(TypedDict):
    config: Config
    source_manager: Any
    bus: Any
    controller: Controller
    auth_client: Any
    confd_client: Any

class ViewDependencies(TypedDict):
    config: Config
    services: dict[str, Any]
    auth_client: Any
    api: Api
    flask_app: Flask
    status_aggregator: StatusAggregator

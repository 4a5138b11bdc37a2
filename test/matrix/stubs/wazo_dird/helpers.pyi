from typing import Any

from flask_restful import Resource
from wazo_dird.schemas import BaseSourceSchema
from xivo.mallow_helpers import ListSchema

class SourceList(Resource):
    list_schema: ListSchema
    source_schema: BaseSourceSchema
    source_list_schema: BaseSourceSchema
    def get(self) -> dict[str, Any]: ...
    def post(self) -> dict[str, Any]: ...

class SourceItem(Resource):
    source_schema: BaseSourceSchema
    def delete(self, source_uuid: str) -> tuple[str, int]: ...
    def get(self, source_uuid: str) -> dict[str, Any]: ...
    def put(self, source_uuid: str) -> tuple[str, int]: ...

class BaseBackendView:
    backend: str
    list_resource: type[SourceList]
    item_resource: type[SourceItem]
    def load(self, dependencies: Any) -> None: ...

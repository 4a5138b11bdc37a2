from typing import Any, TypedDict

from wazo_dird.plugin_manager import ServiceDependencies, ViewDependencies
from wazo_dird.plugins.source_result import _SourceResult as SourceResult

class BaseServicePlugin:
    def load(self, args: ServiceDependencies, /) -> Any: ...
    def unload(self) -> None: ...

class BaseViewPlugin:
    def load(self, dependencies: ViewDependencies, /) -> Any: ...

class SourceConfig(TypedDict, total=False):
    uuid: str
    backend: str
    name: str
    tenant_uuid: str
    searched_columns: list[str]
    first_matched_columns: list[str]
    format_columns: dict[str, str]

class SourcePluginDependencies(TypedDict):
    auth_client: Any
    config: SourceConfig
    main_config: dict[str, Any]
    token_renewer: Any

class BaseSourcePlugin:
    name: str
    backend: str
    def load(self, args: SourcePluginDependencies, /) -> Any: ...
    def unload(self) -> None: ...
    def search(self, term: str, args: dict[str, Any] | None = ...) -> list[SourceResult]: ...
    def first_match(self, exten: str, args: dict[str, Any] | None = ...) -> SourceResult | None: ...
    def match_all(self, extens: list[str], args: dict[str, Any] | None = ...) -> dict[str, SourceResult]: ...
    def list(self, uids: list[str], args: dict[str, Any] | None) -> list[SourceResult]: ...

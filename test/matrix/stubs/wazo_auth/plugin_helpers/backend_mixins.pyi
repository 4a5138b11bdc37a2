from typing import Any

class MetadataByPurposeMixin:
    def get_metadata_plugins_by_login(self, login: str) -> list[Any]: ...

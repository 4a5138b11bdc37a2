# SPDX-License-Identifier: # @= license @#
"""The routes that create, show and remove sources of the backend."""

from __future__ import annotations

from typing import Any

from wazo_dird.auth import required_acl
from wazo_dird.helpers import BaseBackendView, SourceItem, SourceList
from wazo_dird.schemas import BaseSourceSchema
from xivo.mallow import fields
from xivo.mallow_helpers import ListSchema as BaseListSchema


class ListSchema(BaseListSchema):
    searchable_columns = ['uuid', 'name']
    sort_columns = ['name']
    default_sort_column = 'name'
    recurse = fields.Boolean(load_default=False)


# the name is that of the endpoint, which no two plugins may share
class AcmeExampleSources(SourceList):
    list_schema = ListSchema()
    source_schema = BaseSourceSchema()
    source_list_schema = BaseSourceSchema(many=True)

    @required_acl('dird.backends.acme_example.sources.read')
    def get(self) -> dict[str, Any]:
        return super().get()

    @required_acl('dird.backends.acme_example.sources.create')
    def post(self) -> dict[str, Any]:
        return super().post()


class AcmeExampleSource(SourceItem):
    source_schema = BaseSourceSchema()

    @required_acl('dird.backends.acme_example.sources.{source_uuid}.delete')
    def delete(self, source_uuid: str) -> tuple[str, int]:
        return super().delete(source_uuid)

    @required_acl('dird.backends.acme_example.sources.{source_uuid}.read')
    def get(self, source_uuid: str) -> dict[str, Any]:
        return super().get(source_uuid)

    @required_acl('dird.backends.acme_example.sources.{source_uuid}.update')
    def put(self, source_uuid: str) -> tuple[str, int]:
        return super().put(source_uuid)


class View(BaseBackendView):
    backend = 'acme_example'
    list_resource = AcmeExampleSources
    item_resource = AcmeExampleSource

# SPDX-License-Identifier: # @= license @#
"""The routes that create, show and remove sources of the backend."""

from __future__ import annotations

from typing import Any

from wazo_dird.auth import required_acl
from wazo_dird.helpers import BaseBackendView, SourceItem, SourceList
from wazo_dird.schemas import BaseSourceSchema
from xivo.mallow import fields
from xivo.mallow.validate import Length, Regexp
from xivo.mallow_helpers import ListSchema as BaseListSchema


class ListSchema(BaseListSchema):
    searchable_columns = ['uuid', 'name', 'file']
    sort_columns = ['name', 'file']
    default_sort_column = 'name'
    recurse = fields.Boolean(load_default=False)


class SourceSchema(BaseSourceSchema):
    file = fields.String(required=True, validate=Regexp(r'/[^\x00\ud800-\udfff]+\Z'))
    separator = fields.String(load_default=',', validate=Regexp(r'[^"\r\n\x00]\Z'))
    unique_column = fields.String(load_default='id', validate=Length(min=1))


# the name is that of the endpoint, which no two plugins may share
class AcmeExampleCsvSources(SourceList):
    list_schema = ListSchema()
    source_schema = SourceSchema()
    source_list_schema = SourceSchema(many=True)

    @required_acl('dird.backends.acme_example_csv.sources.read')
    def get(self) -> dict[str, Any]:
        return super().get()

    @required_acl('dird.backends.acme_example_csv.sources.create')
    def post(self) -> dict[str, Any]:
        return super().post()


class AcmeExampleCsvSource(SourceItem):
    source_schema = SourceSchema()

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.delete')
    def delete(self, source_uuid: str) -> tuple[str, int]:
        return super().delete(source_uuid)

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.read')
    def get(self, source_uuid: str) -> dict[str, Any]:
        return super().get(source_uuid)

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.update')
    def put(self, source_uuid: str) -> tuple[str, int]:
        return super().put(source_uuid)


class View(BaseBackendView):
    backend = 'acme_example_csv'
    list_resource = AcmeExampleCsvSources
    item_resource = AcmeExampleCsvSource

# SPDX-License-Identifier: # @= license @#
"""The routes that create, show and remove sources of the backend."""

from wazo_dird.auth import required_acl
from wazo_dird.helpers import BaseBackendView, SourceItem, SourceList
from wazo_dird.schemas import BaseSourceSchema
from xivo.mallow import fields
from xivo.mallow_helpers import ListSchema


class AcmeExampleCsvListSchema(ListSchema):
    searchable_columns = ['uuid', 'name', 'file']
    sort_columns = ['name', 'file']
    default_sort_column = 'name'
    recurse = fields.Boolean(load_default=False)


class AcmeExampleCsvSourceSchema(BaseSourceSchema):
    file = fields.String(required=True)
    separator = fields.String(load_default=',')
    unique_column = fields.String(load_default='id')


class AcmeExampleCsvSourceList(SourceList):
    list_schema = AcmeExampleCsvListSchema()
    source_schema = AcmeExampleCsvSourceSchema()
    source_list_schema = AcmeExampleCsvSourceSchema(many=True)

    @required_acl('dird.backends.acme_example_csv.sources.read')
    def get(self):
        return super().get()

    @required_acl('dird.backends.acme_example_csv.sources.create')
    def post(self):
        return super().post()


class AcmeExampleCsvSourceItem(SourceItem):
    source_schema = AcmeExampleCsvSourceSchema()

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.delete')
    def delete(self, source_uuid):
        return super().delete(source_uuid)

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.read')
    def get(self, source_uuid):
        return super().get(source_uuid)

    @required_acl('dird.backends.acme_example_csv.sources.{source_uuid}.update')
    def put(self, source_uuid):
        return super().put(source_uuid)


class AcmeExampleCsvView(BaseBackendView):
    backend = 'acme_example_csv'
    list_resource = AcmeExampleCsvSourceList
    item_resource = AcmeExampleCsvSourceItem

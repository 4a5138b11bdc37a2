# SPDX-License-Identifier: # @= license @#
from wazo_dird.http import AuthResource


class SourceList(AuthResource):
    def get(self):
        return {'items': []}

    def post(self):
        return {}


class SourceItem(AuthResource):
    def delete(self, source_uuid):
        return '', 204

    def get(self, source_uuid):
        return {'uuid': source_uuid}

    def put(self, source_uuid):
        return '', 204


class BaseBackendView:
    """Adds the routes of a backend's sources."""

    backend: str
    list_resource: type
    item_resource: type

    def load(self, dependencies):
        add = dependencies['api'].add_resource
        url = f'/backends/{self.backend}/sources'
        add(self.list_resource, url)
        # as the service does it: the endpoint is the name of the class
        add(self.item_resource, f'{url}/<source_uuid>')

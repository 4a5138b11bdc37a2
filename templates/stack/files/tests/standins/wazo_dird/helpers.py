# SPDX-License-Identifier: # @= license @#
class SourceList:
    def get(self):
        return {'items': []}

    def post(self):
        return {}


class SourceItem:
    def delete(self, source_uuid):
        return '', 204

    def get(self, source_uuid):
        return {'uuid': source_uuid}

    def put(self, source_uuid):
        return '', 204


class BaseBackendView:
    """Adds the routes of a backend's sources."""

    def load(self, dependencies):
        urls = (f'/backends/{self.backend}/sources', f'/backends/{self.backend}/sources/<source_uuid>')
        for url, resource in zip(urls, (self.list_resource, self.item_resource)):
            dependencies['api'].add_resource(resource, url, endpoint=url)

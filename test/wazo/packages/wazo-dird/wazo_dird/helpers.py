"""Sources of a backend over REST. A source is settings that a user stored; it is made at its first lookup."""

import uuid

from flask import request
from marshmallow import ValidationError
from xivo.rest_api_helpers import APIException
from xivo.tenant_flask_helpers import Tenant

from . import BaseViewPlugin
from .http import AuthResource


class _Sources(AuthResource):
    backend = ''

    def __init__(self, backend, sources):
        self.backend, self._sources = backend, sources


class SourceList(_Sources):
    def get(self):
        items = self._sources.of(self.backend)
        return {'items': self.source_list_schema.dump(items), 'total': len(items), 'filtered': len(items)}

    def post(self):
        try:
            body = self.source_schema.load(request.get_json(force=True))
        except ValidationError as error:
            raise APIException(400, 'Sent data is invalid', 'invalid-data', error.messages) from None
        body = {**body, 'backend': self.backend, 'tenant_uuid': Tenant.autodetect().uuid, 'uuid': str(uuid.uuid4())}
        self._sources.put(body)
        return self.source_schema.dump(body), 201


class SourceItem(_Sources):
    def get(self, source_uuid):
        return self.source_schema.dump(self._sources.get(source_uuid))

    def put(self, source_uuid):
        known = self._sources.get(source_uuid)
        self._sources.put({**known, **self.source_schema.load(request.get_json(force=True))})
        return '', 204

    def delete(self, source_uuid):
        self._sources.remove(source_uuid)
        return '', 204


class BaseBackendView(BaseViewPlugin):
    backend = None
    list_resource = None
    item_resource = None

    def load(self, dependencies):
        sources = dependencies['services']['source']
        url, given = f'/backends/{self.backend}/sources', [self.backend, sources]
        add = dependencies['api'].add_resource
        add(self.list_resource, url, endpoint=f'{self.backend}_sources', resource_class_args=given)
        add(
            self.item_resource,
            f'{url}/<source_uuid>',
            endpoint=f'{self.backend}_source',
            resource_class_args=given,
        )

# SPDX-License-Identifier: # @= license @#
"""The route that asks the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from wazo_dird import BaseViewPlugin
from wazo_dird.auth import required_acl
from wazo_dird.http import AuthResource
from xivo.mallow import fields
from xivo.mallow.validate import Regexp
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant, token

from .callers import CallerService

if TYPE_CHECKING:
    from wazo_dird.plugin_manager import ViewDependencies


class QuerySchema(Schema):
    # a database looks for it, which takes no NUL
    profile = fields.String(
        load_default='default', validate=Regexp(r'[^\x00-\x1f]{1,128}\Z')
    )


class CallerResource(AuthResource):
    def __init__(self, service: CallerService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('dird.acme.example.callers.{number}.read')
    def get(self, number: str) -> dict[str, Any]:
        # AuthResource answers 400 to what the schema does not take
        profile = QuerySchema().load(request.args)['profile']
        tenant_uuid = Tenant.autodetect().uuid
        # personal contacts are those of the token's user
        return self._service.find(
            tenant_uuid, profile, number, token.user_uuid, token.uuid
        )


class View(BaseViewPlugin):
    def load(self, dependencies: ViewDependencies) -> None:
        dependencies['api'].add_resource(
            CallerResource,
            '/acme/example/callers/<number>',
            endpoint='acme_example_callers',
            resource_class_args=[dependencies['services']['acme_example']],
        )

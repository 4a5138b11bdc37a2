# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-chatd serves."""

from typing import Any

from flask import request
from wazo_chatd.http import AuthResource
from wazo_chatd.plugin_helpers.tenant import get_tenant_uuids
from xivo.auth_verifier import required_acl
from xivo.mallow import fields
from xivo.mallow.validate import Length, Regexp
from xivo.mallow_helpers import Schema

from .service import AbsenceService


class AbsenceSchema(Schema):
    user_uuids = fields.List(fields.UUID(), required=True, validate=Length(min=1))
    # the database takes neither a NUL nor half of a character
    status = fields.String(
        required=True, validate=Regexp(r'[^\x00-\x1f\ud800-\udfff]{1,80}\Z')
    )


class AbsencesResource(AuthResource):
    def __init__(self, service: AbsenceService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('chatd.acme.example.absences.read')
    def get(self) -> dict[str, Any]:
        items = self._service.list_(get_tenant_uuids())
        return {'items': items, 'total': len(items)}

    @required_acl('chatd.acme.example.absences.create')
    def post(self) -> tuple[dict[str, Any], int]:
        # AuthResource answers 400 to what the schema does not take
        body = AbsenceSchema().load(request.get_json(force=True))
        items = self._service.start(
            get_tenant_uuids(), body['user_uuids'], body['status']
        )
        return {'items': items, 'total': len(items)}, 201

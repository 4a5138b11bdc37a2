# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-calld serves."""

from typing import Any

from flask import request
from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource
from xivo.rest_api_helpers import APIException
from xivo.tenant_flask_helpers import Tenant, user

from .numbers import NumberReader
from .service import ClickService, refused


class ClickResource(AuthResource):
    def __init__(self, service: ClickService, numbers: NumberReader) -> None:
        self._service = service
        self._numbers = numbers

    # without a right of its own, any valid token would do
    @required_acl('calld.users.me.acme.example.clicks.create')
    def post(self) -> tuple[dict[str, Any], int]:
        number = self._read_number(request.get_json(force=True))
        tenant_uuid = Tenant.autodetect().uuid
        call_id = self._service.click(tenant_uuid, user.uuid, number)
        return {'call_id': call_id, 'number': number}, 201

    def _read_number(self, body: Any) -> str:
        if not isinstance(body, dict) or 'number' not in body:
            raise bad_number('number is missing')
        try:
            return self._numbers.read(body['number'])
        except ValueError as error:
            raise bad_number(f'number: {error}') from error


def bad_number(message: str) -> APIException:
    return refused('acme-example-bad-number', message)

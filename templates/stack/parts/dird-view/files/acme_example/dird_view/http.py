# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-dird serves."""

from flask import request
from wazo_dird.auth import required_acl
from wazo_dird.http import AuthResource
from xivo.mallow import fields
from xivo.mallow.validate import Length, Regexp
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant, token

from .names import Names

# sources with a database take neither a NUL nor half of a character
is_number = Regexp(r'[^\x00-\x1f\ud800-\udfff]{1,64}\Z')


class NumberSchema(Schema):
    number = fields.String(required=True, validate=is_number)


class NumbersSchema(Schema):
    numbers = fields.List(
        fields.String(validate=is_number),
        required=True,
        validate=Length(min=1, max=100),
    )


class NamesResource(AuthResource):
    def __init__(self, names: Names) -> None:
        self._names = names

    # without a right of its own, any valid token would do
    @required_acl('dird.acme.example.names.read')
    def get(self) -> dict[str, str | None]:
        # AuthResource answers 400 to what the schema does not take
        return self._find([NumberSchema().load(request.args)['number']])

    @required_acl('dird.acme.example.names.create')
    def post(self) -> dict[str, str | None]:
        return self._find(NumbersSchema().load(request.get_json(force=True))['numbers'])

    def _find(self, numbers: list[str]) -> dict[str, str | None]:
        # personal contacts are those of the token's user
        tenant_uuid = Tenant.autodetect().uuid
        return self._names.find(tenant_uuid, numbers, token.user_uuid, token.uuid)

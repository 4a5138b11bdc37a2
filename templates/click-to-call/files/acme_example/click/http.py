# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-calld serves."""

from flask import request
from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource
from xivo.rest_api_helpers import APIException
from xivo.tenant_flask_helpers import Tenant, user


class AcmeExampleClickResource(AuthResource):
    def __init__(self, service, numbers):
        self._service = service
        self._numbers = numbers

    # without a right of its own, any valid token would do
    @required_acl('calld.users.me.acme.example.clicks.create')
    def post(self):
        body = request.get_json(force=True)
        number = self._read_number(body)
        call_id = self._service.click(Tenant.autodetect().uuid, user.uuid, number)
        return {'call_id': call_id, 'number': number}, 201

    def _read_number(self, body):
        try:
            return self._numbers.read(body['number'])
        except (KeyError, TypeError):
            raise bad_request('number is missing') from None
        except ValueError as error:
            raise bad_request(f'number: {error}') from error


def bad_request(message):
    return APIException(400, message, 'acme-example-bad-number', {}, 'acme_example_clicks')

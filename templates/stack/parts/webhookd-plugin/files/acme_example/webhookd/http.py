# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-webhookd serves."""

from wazo_webhookd.rest_api import AuthResource
from xivo.auth_verifier import required_acl


class AcmeExampleGreetingResource(AuthResource):
    def __init__(self, greeting):
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('webhookd.acme.example.greetings.{name}.read')
    def get(self, name):
        return {'message': f'{self._greeting} {name}'}

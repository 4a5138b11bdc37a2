# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-phoned serves."""

from wazo_phoned.auth import TokenAuthResource
from xivo.auth_verifier import required_acl


class AcmeExampleGreetingResource(TokenAuthResource):
    def __init__(self, greeting):
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('phoned.acme.example.greetings.{name}.read')
    def get(self, name):
        return {'message': f'{self._greeting} {name}'}

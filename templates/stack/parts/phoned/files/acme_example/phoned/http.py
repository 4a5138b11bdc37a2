# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-phoned serves."""

from wazo_phoned.auth import TokenAuthResource
from xivo.auth_verifier import required_acl


class GreetingResource(TokenAuthResource):
    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('phoned.acme.example.greetings.{name}.read')
    def get(self, name: str) -> dict[str, str]:
        return {'message': f'{self._greeting} {name}'}

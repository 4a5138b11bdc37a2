# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-agentd serves."""

from wazo_agentd.http import AuthResource
from xivo.auth_verifier import required_acl


class GreetingResource(AuthResource):
    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('agentd.acme.example.greetings.{name}.read')
    def get(self, name: str) -> dict[str, str]:
        return {'message': f'{self._greeting} {name}'}

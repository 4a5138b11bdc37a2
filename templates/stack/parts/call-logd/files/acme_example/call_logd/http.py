# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-call-logd serves."""

from wazo_call_logd.auth import required_acl
from wazo_call_logd.http import AuthResource


class GreetingResource(AuthResource):
    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('call-logd.acme.example.greetings.{name}.read')
    def get(self, name: str) -> dict[str, str]:
        return {'message': f'{self._greeting} {name}'}

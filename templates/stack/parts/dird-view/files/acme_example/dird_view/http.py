# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-dird serves."""

from wazo_dird.auth import required_acl
from wazo_dird.http import AuthResource


class GreetingResource(AuthResource):
    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('dird.acme.example.greetings.{name}.read')
    def get(self, name: str) -> dict[str, str]:
        return {'message': f'{self._greeting} {name}'}

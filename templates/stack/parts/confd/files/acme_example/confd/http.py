# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-confd serves."""

from wazo_confd.auth import required_acl
from wazo_confd.helpers.restful import ConfdResource


class GreetingResource(ConfdResource):
    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('confd.acme.example.greetings.{name}.read')
    def get(self, name: str) -> dict[str, str]:
        return {'message': f'{self._greeting} {name}'}

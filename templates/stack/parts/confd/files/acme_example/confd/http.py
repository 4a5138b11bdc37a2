# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-confd serves."""

from wazo_confd.auth import required_acl
from wazo_confd.helpers.restful import ConfdResource


class AcmeExampleGreetingResource(ConfdResource):
    def __init__(self, greeting):
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('confd.acme.example.greetings.{name}.read')
    def get(self, name):
        return {'message': f'{self._greeting} {name}'}

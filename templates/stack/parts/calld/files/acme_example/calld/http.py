# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-calld serves."""

from wazo_calld.auth import required_acl
from wazo_calld.http import AuthResource


class AcmeExampleGreetingResource(AuthResource):
    def __init__(self, greeting):
        self._greeting = greeting

    # without a right of its own, any valid token would do
    @required_acl('calld.acme.example.greetings.{name}.read')
    def get(self, name):
        return {'message': f'{self._greeting} {name}'}

# SPDX-License-Identifier: # @= license @#
"""What wazo-dird loads at its start."""

from wazo_dird import BaseServicePlugin


class AcmeExampleService:
    """Normalises the numbers that views look up."""

    def __init__(self, country_code):
        self._country_code = country_code

    def normalize(self, number):
        digits = ''.join(character for character in number if character.isdigit() or character == '+')
        if digits.startswith('00'):
            return f'+{digits[2:]}'
        if digits.startswith('0'):
            return f'+{self._country_code}{digits[1:]}'
        return digits


class Plugin(BaseServicePlugin):
    def load(self, dependencies):
        settings = dependencies['config'].get('acme_example', {})
        # wazo-dird hands what is returned to the views
        return AcmeExampleService(settings.get('country_code', '33'))

    def unload(self):
        pass

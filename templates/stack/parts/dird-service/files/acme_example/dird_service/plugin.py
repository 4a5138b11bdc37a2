# SPDX-License-Identifier: # @= license @#
"""What wazo-dird loads at its start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wazo_dird import BaseServicePlugin

if TYPE_CHECKING:
    from wazo_dird.plugin_manager import ServiceDependencies


class NumberService:
    """Normalises the numbers that views look up."""

    def __init__(self, country_code: str) -> None:
        self._country_code = country_code

    def normalize(self, number: str) -> str:
        digits = re.sub(r'[^\d+]', '', number)
        if digits.startswith('00'):
            return f'+{digits[2:]}'
        if digits.startswith('0'):
            return f'+{self._country_code}{digits[1:]}'
        return digits


class Plugin(BaseServicePlugin):
    def load(self, dependencies: ServiceDependencies) -> NumberService:
        settings = dependencies['config'].get('acme_example', {})
        # wazo-dird hands what is returned to the views
        return NumberService(settings.get('country_code', '33'))

    def unload(self) -> None:
        pass

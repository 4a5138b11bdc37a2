# SPDX-License-Identifier: # @= license @#
"""The service that wazo-dird loads at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wazo_dird import BaseServicePlugin

from .callers import CallerService
from .numbers import Numbering

if TYPE_CHECKING:
    from wazo_dird.plugin_manager import ServiceDependencies


class Plugin(BaseServicePlugin):
    def load(self, dependencies: ServiceDependencies) -> CallerService:
        # with what the settings of this plugin add
        config: dict[str, Any] = {**dependencies['config']}
        settings = config.get('acme_example', {})
        numbering = Numbering(
            settings.get('country_code', '33'),
            settings.get('national_prefix', '0'),
            settings.get('international_prefix', '00'),
        )
        # wazo-dird hands what is returned to the views
        return CallerService(dependencies['controller'], numbering)

    def unload(self) -> None:
        pass

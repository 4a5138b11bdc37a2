# SPDX-License-Identifier: # @= license @#
"""Adds to asterisk/example.conf as Wazo generates it."""

from typing import Any

import yaml
# @_ if (servedByDriver) { _@#
from stevedore.driver import DriverManager
# @_ } _@#


class ExampleDriver:
    """wazo-confgend makes one at the first request and keeps it until its next restart."""

    def __init__(self, dependencies: dict[str, Any]) -> None:
        self._settings = dependencies['config'].get('acme_example') or {}
        # @_ if (servedByDriver) { _@#
        self._dependencies = dependencies
        self._stock: Any = None
        # @_ } _@#

    def generate(self) -> str:
        """Return the whole file. When this raises, the last good copy is served."""
        stock = yaml.safe_load(self._stock_text()) or {}
        return yaml.safe_dump(merged(stock, self._settings.get('content') or {}))

    # @_ if (servedByDriver) { _@#
    def _stock_text(self) -> str:
        """Return what Wazo's own driver generates."""
        # not in the constructor: that is called outside of the database session
        if self._stock is None:
            manager = DriverManager(
                'wazo_confgend.asterisk.example.conf',
                'wazo',
                invoke_on_load=True,
                invoke_args=(self._dependencies,),
            )
            self._stock = manager.driver
        return str(self._stock.generate() or '')
    # @_ } else { _@#
    def _stock_text(self) -> str:
        """Return what Wazo generates, for which it has a method instead of a driver."""
        from wazo_confgend.acmeresource import AcmeFrontend

        return str(AcmeFrontend().acme_frontend_method() or '')
    # @_ } _@#


def merged(wazo: Any, added: Any) -> Any:
    """Join mappings key by key, and lists; of anything else take what is added."""
    if isinstance(wazo, dict) and isinstance(added, dict):
        both = {key: merged(wazo[key], added[key]) for key in wazo if key in added}
        return wazo | added | both
    if isinstance(wazo, list) and isinstance(added, list):
        return wazo + added
    return added

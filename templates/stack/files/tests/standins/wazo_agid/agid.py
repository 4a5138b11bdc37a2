# SPDX-License-Identifier: # @= license @#
"""Keeps the handlers under the names that the dialplan calls."""

from typing import Any

handlers: dict[str, Any] = {}


def register(handler, setup=None):
    if handler.__name__ in handlers:
        raise ValueError(f'{handler.__name__} is registered already')
    handlers[handler.__name__] = handler

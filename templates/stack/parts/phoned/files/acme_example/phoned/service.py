# SPDX-License-Identifier: # @= license @#
"""Lamps: states of devices that Asterisk keeps, and phones show on their keys."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from marshmallow import ValidationError
from xivo.rest_api_helpers import APIException
from xivo.status import Status

# a line of what Asterisk answers
STATE = re.compile(r"Name: '(.+)' +State: '(\w+)'")


class LampService:
    def __init__(self, amid_client: Any, names: list[str]) -> None:
        self._amid = amid_client
        self._names = names
        self._reached = True

    def list_(self, tenant_uuid: str) -> list[dict[str, Any]]:
        with self._asking():
            # a command: wazo-phoned has no right to ask by DeviceStateList
            lines = self._amid.command('devstate list')['response']
        found = filter(None, map(STATE.search, lines))
        states = {match[1]: match[2] for match in found}
        return [
            {'name': name, 'on': states.get(device(tenant_uuid, name)) == 'INUSE'}
            for name in self._names
        ]

    def switch(self, tenant_uuid: str, name: str, on: bool) -> None:
        # the name becomes part of a command of Asterisk
        if name not in self._names:
            raise ValidationError({'name': [f'not one of {self._names}']})
        state = 'INUSE' if on else 'NOT_INUSE'
        with self._asking():
            self._amid.command(f'devstate change {device(tenant_uuid, name)} {state}')

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether wazo-amid answered the last time."""
        told = Status.ok if self._reached else Status.fail
        status['acme_example']['status'] = told

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            self._reached = False
            details = {'original_error': str(error)}
            raise APIException(
                503, 'wazo-amid does not do it', 'amid-error', details
            ) from error
        self._reached = True


def device(tenant_uuid: str, name: str) -> str:
    return f'Custom:acme-example-{tenant_uuid}-{name}'

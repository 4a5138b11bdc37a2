# SPDX-License-Identifier: # @= license @#
"""Global variables of the dialplan, by actions of Asterisk's manager interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from marshmallow import ValidationError
from wazo_amid.ami import parser
from wazo_amid.plugin_helpers.ajam import AJAMUnreachable
from xivo.rest_api_helpers import APIException
from xivo.status import Status

if TYPE_CHECKING:
    from wazo_amid.plugin_helpers.ajam import AJAMClient


class VariableService:
    def __init__(self, ajam_client: AJAMClient, names: list[str]) -> None:
        self._ajam = ajam_client
        self._names = names
        self._reached = True

    def list_(self) -> list[dict[str, str]]:
        return [
            {'name': name, 'value': self._ask('Getvar', {'Variable': name})['Value']}
            for name in self._names
        ]

    def set(self, name: str, value: str) -> None:
        if name not in self._names:
            raise ValidationError({'name': [f'not one of {self._names}']})
        self._ask('Setvar', {'Variable': name, 'Value': value})

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether Asterisk answered the last time."""
        status['acme_example']['status'] = Status.ok if self._reached else Status.fail

    def _ask(self, action: str, arguments: dict[str, str]) -> dict[str, str]:
        """Return the response of an action."""
        try:
            content = self._ajam.get(action, arguments).content
        except requests.RequestException as error:
            self._reached = False
            # 503, as for the actions of wazo-amid itself
            raise AJAMUnreachable(self._ajam.url, error) from error
        self._reached = True
        responses: list[dict[str, Any]] = []
        parser.parse_buffer(content, ignore, lambda *seen: responses.append(seen[2]))
        # the last of them: logging in is answered too
        if not responses or responses[-1].get('Response') != 'Success':
            raise APIException(503, 'Asterisk refuses', 'ami-error', {'action': action})
        return responses[-1]


def ignore(name: str, action_id: str | None, message: dict[str, Any]) -> None:
    """Events come between the responses."""

# SPDX-License-Identifier: # @= license @#
"""Labels of calls. They live in Asterisk, as a variable of the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ari.exceptions import ARINotFound
from marshmallow import ValidationError
from wazo_bus.resources.common.event import TenantEvent
from wazo_calld.plugin_helpers.ari_ import Channel, set_channel_id_var_sync
from xivo.rest_api_helpers import APIException
from xivo.status import Status

if TYPE_CHECKING:
    from wazo_calld.ari_ import CoreARI
    from wazo_calld.bus import CoreBusPublisher

VARIABLE = 'ACME_EXAMPLE_LABEL'


class CallLabelledEvent(TenantEvent):
    """Reaches the users of the tenant through websockets, and webhooks."""

    service = 'calld'
    name = 'acme_example_call_labelled'
    routing_key_fmt = 'calls.acme_example.labelled'


class NoSuchCall(APIException):
    def __init__(self, call_id: str) -> None:
        super().__init__(404, 'No such call', 'no-such-call', {'call_id': call_id})


class LabelService:
    def __init__(self, ari: CoreARI, bus: CoreBusPublisher, labels: list[str]) -> None:
        # not ari.client: that is connected only after all plugins are loaded
        self._ari = ari
        self._bus = bus
        self._labels = labels

    def list_(self, tenant_uuid: str) -> list[dict[str, str]]:
        client = self._ari.client
        calls = [Channel(channel.id, client) for channel in client.channels.list()]
        items = [
            {'call_id': call.id, 'label': self._label_of(call)}
            for call in calls
            if call.tenant_uuid() == tenant_uuid
        ]
        return [item for item in items if item['label']]

    def add(self, tenant_uuid: str, call_id: str, label: str) -> None:
        if label not in self._labels:
            raise ValidationError({'label': [f'not one of {self._labels}']})
        # to one tenant, the calls of others are not there
        if Channel(call_id, self._ari.client).tenant_uuid() != tenant_uuid:
            raise NoSuchCall(call_id)
        set_channel_id_var_sync(
            self._ari.client, call_id, VARIABLE, label, bypass_stasis=True
        )
        event = {'call_id': call_id, 'label': label}
        self._bus.publish(CallLabelledEvent(event, tenant_uuid))

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the settings leave a label to choose."""
        told = Status.ok if self._labels else Status.fail
        status['acme_example']['status'] = told

    def _label_of(self, call: Channel) -> str:
        try:
            return call.get_var(VARIABLE)
        except ARINotFound:
            return ''

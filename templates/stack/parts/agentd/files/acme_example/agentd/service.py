# SPDX-License-Identifier: # @= license @#
"""Breaks of agents: they stay logged in, and get no calls."""

from typing import Any

from marshmallow import ValidationError
from wazo_bus.resources.common.event import TenantEvent
from xivo.status import Status


class BreakStartedEvent(TenantEvent):
    """Reaches the users of the tenant through websockets, and webhooks."""

    service = 'agentd'
    name = 'acme_example_break_started'
    routing_key_fmt = 'agents.acme_example.break_started'


class BreakService:
    def __init__(self, agents: Any, bus: Any, reasons: list[str]) -> None:
        self._agents = agents
        self._bus = bus
        self._reasons = reasons

    def list_(self, tenant_uuid: str) -> list[dict[str, str]]:
        return [
            {'number': agent['number'], 'reason': agent['paused_reason']}
            for agent in self._agents.get_agent_statuses(tenant_uuids=[tenant_uuid])
            if agent['paused']
        ]

    def start(self, tenant_uuid: str, numbers: list[str], reason: str) -> None:
        if reason not in self._reasons:
            raise ValidationError({'reason': [f'not one of {self._reasons}']})
        agents = self._agents.get_agent_statuses(tenant_uuids=[tenant_uuid])
        working = {agent['number'] for agent in agents if agent['logged']}
        # all or none: the first would be on a break before the second is refused
        if not working.issuperset(numbers):
            raise ValidationError({'numbers': ['not all of them are logged in']})
        for number in numbers:
            self._agents.pause_agent_by_number(
                number, reason, tenant_uuids=[tenant_uuid]
            )
        event = {'numbers': numbers, 'reason': reason}
        self._bus.publish(BreakStartedEvent(event, tenant_uuid))

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the settings leave a reason to choose."""
        told = Status.ok if self._reasons else Status.fail
        status['acme_example']['status'] = told

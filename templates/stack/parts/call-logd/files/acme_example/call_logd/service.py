# SPDX-License-Identifier: # @= license @#
"""Reports: how many calls a tenant had in a period."""

from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError
from wazo_bus.resources.common.event import TenantEvent
from xivo.status import Status

DIRECTIONS = ('inbound', 'internal', 'outbound')


class ReportEvent(TenantEvent):
    """Reaches the users of the tenant through websockets, and webhooks."""

    service = 'call-logd'
    name = 'acme_example_report'
    routing_key_fmt = 'call_logd.acme_example.report'


class ReportService:
    def __init__(self, dao: Any, bus: Any, max_days: int) -> None:
        self._dao = dao
        self._bus = bus
        self._max_days = max_days

    def make(self, tenant_uuid: str, start: datetime, end: datetime) -> dict[str, int]:
        """Count the calls that began in the period: {direction: calls}."""
        if (start.tzinfo is None) != (end.tzinfo is None):
            raise ValidationError({'until': ['a time zone in both, or in none']})
        if not timedelta() < end - start <= timedelta(days=self._max_days):
            raise ValidationError({'until': [f'1 to {self._max_days} days after from']})
        return {
            direction: self._dao.call_log.count_in_period(
                {
                    'tenant_uuids': [tenant_uuid],
                    'start': start,
                    'end': end,
                    'call_direction': direction,
                }
            )['filtered']
            for direction in DIRECTIONS
        }

    def send(self, tenant_uuid: str, start: datetime, end: datetime) -> dict[str, int]:
        report = self.make(tenant_uuid, start, end)
        period = {'from': start.isoformat(), 'until': end.isoformat()}
        self._bus.publish(ReportEvent(period | report, tenant_uuid))
        return report

    def provide_status(self, status: dict[str, dict[str, Any]]) -> None:
        """Say in GET /status whether the settings leave a period to choose."""
        ok = self._max_days > 0
        status['acme_example']['status'] = Status.ok if ok else Status.fail

# SPDX-License-Identifier: # @= license @#
"""Resources that wazo-call-logd serves."""

from datetime import datetime

from flask import request
from wazo_call_logd.auth import required_acl
from wazo_call_logd.http import AuthResource
from xivo.mallow import fields
from xivo.mallow_helpers import Schema
from xivo.tenant_flask_helpers import Tenant

from .service import ReportService


class PeriodSchema(Schema):
    start = fields.DateTime(data_key='from', required=True)
    end = fields.DateTime(data_key='until', required=True)


class ReportsResource(AuthResource):
    def __init__(self, service: ReportService) -> None:
        self._service = service

    # without a right of its own, any valid token would do
    @required_acl('call-logd.acme.example.reports.read')
    def get(self) -> dict[str, int]:
        # AuthResource answers 400 to what the schema does not take
        period: dict[str, datetime] = PeriodSchema().load(request.args)
        return self._service.make(Tenant.autodetect().uuid, **period)

    @required_acl('call-logd.acme.example.reports.create')
    def post(self) -> tuple[dict[str, int], int]:
        period: dict[str, datetime] = PeriodSchema().load(request.get_json(force=True))
        return self._service.send(Tenant.autodetect().uuid, **period), 201

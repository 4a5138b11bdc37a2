# SPDX-License-Identifier: # @= license @#
"""The external apps of a tenant, which wazo-confd keeps."""

from typing import Any
from urllib.parse import quote

from wazo_ui.helpers.service import BaseConfdService


class ExternalAppService(BaseConfdService):
    resource_confd = 'external_apps'

    def __init__(self, confd_client: Any) -> None:
        self._confd = confd_client

    def list(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        apps = super().list(*args, **kwargs)
        for app in apps['items']:
            # a row of the table links to its id, and these have a name alone
            app['id'] = quote(app['name'], safe='')
        return apps

    def update(self, app: dict[str, Any]) -> None:
        # what the form does not show is of others, and stays
        stored = self.get(app['name'])['configuration'] or {}
        super().update({**app, 'configuration': {**stored, **app['configuration']}})

# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-calld loads at its start."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from wazo_amid_client import Client as AmidClient
from wazo_confd_client import Client as ConfdClient

from .http import ClickResource
from .numbers import NumberReader
from .service import ClickService

if TYPE_CHECKING:
    from wazo_calld.types import PluginDependencies


class Plugin:
    def load(self, dependencies: PluginDependencies) -> None:
        config = dependencies['config']
        amid = AmidClient(**config['amid'])
        confd = ConfdClient(**config['confd'])

        def renew(token: Collection[str]) -> None:
            # the type is that of wazo-calld, which hands on the text of a token
            for client in (amid, confd):
                client.set_token(str(token))

        dependencies['token_changed_subscribe'](renew)
        settings = config.get('acme_example_click', {})
        prefix = settings.get('international_prefix', '00')
        numbers = NumberReader(prefix, settings.get('max_digits', 20))
        # not ari.client: that is connected only after all plugins are loaded
        service = ClickService(dependencies['ari'], amid, confd)
        dependencies['api'].add_resource(
            ClickResource,
            '/users/me/acme/example/clicks',
            endpoint='acme_example_clicks',
            resource_class_args=[service, numbers],
        )

# SPDX-License-Identifier: # @= license @#
"""What wazo-calld loads at its start."""

from typing import Any

from wazo_amid_client import Client as AmidClient
from wazo_confd_client import Client as ConfdClient

from .http import AcmeExampleClickResource
from .numbers import NumberReader
from .service import ClickService


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        config = dependencies['config']
        amid = AmidClient(**config['amid'])
        confd = ConfdClient(**config['confd'])
        for client in (amid, confd):
            dependencies['token_changed_subscribe'](client.set_token)
        settings = config.get('acme_example_click', {})
        prefix = settings.get('international_prefix', '00')
        numbers = NumberReader(prefix, settings.get('max_digits', 20))
        # not ari.client: that is connected only after all plugins are loaded
        service = ClickService(dependencies['ari'], amid, confd)
        dependencies['api'].add_resource(
            AcmeExampleClickResource,
            '/users/me/acme/example/clicks',
            endpoint='acme_example_clicks',
            resource_class_args=[service, numbers],
        )

# SPDX-License-Identifier: # @= license @#
"""What wazo-calld loads at its start."""

from wazo_confd_client import Client as ConfdClient

from .http import AcmeExampleClickResource
from .numbers import NumberReader
from .service import ClickService


class Plugin:
    def load(self, dependencies):
        config = dependencies['config']
        settings = config.get('acme_example_click', {})
        confd = ConfdClient(**config['confd'])
        dependencies['token_changed_subscribe'](confd.set_token)
        # not ari.client: that is connected only after all plugins are loaded
        service = ClickService(dependencies['ari'], confd)
        numbers = NumberReader(settings.get('international_prefix', '00'), settings.get('max_digits', 20))
        dependencies['api'].add_resource(
            AcmeExampleClickResource,
            '/users/me/acme/example/clicks',
            endpoint='acme_example_clicks',
            resource_class_args=[service, numbers],
        )

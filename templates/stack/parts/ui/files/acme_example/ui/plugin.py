# SPDX-License-Identifier: # @= license @#
"""The plugin that wazo-ui loads at its start."""

from typing import Any

from wazo_ui.helpers.menu import register_flaskview
from wazo_ui.helpers.plugin import create_blueprint

from .service import ExternalAppService
from .view import ExternalAppView

# wazo-ui looks for them in templates, in the folder of this name
pages = create_blueprint('acme_example', __name__)


class Plugin:
    def load(self, dependencies: dict[str, Any]) -> None:
        # a client acts as the user who is logged in, for the tenant that is chosen
        confd_client = dependencies['clients']['wazo_confd']
        ExternalAppView.service = ExternalAppService(confd_client)
        ExternalAppView.register(pages, route_base='/acme-example-apps')
        register_flaskview(pages, ExternalAppView)
        dependencies['flask'].register_blueprint(pages)

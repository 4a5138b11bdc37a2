# SPDX-License-Identifier: # @= license @#
"""Pages of wazo-ui: a table, and the form of a row."""

from typing import Any

from flask_babel import lazy_gettext as l_
from wazo_ui.helpers.menu import menu_item
from wazo_ui.helpers.view import BaseIPBXHelperView

from .form import ExternalAppForm


# the base has the rest: add, show, change, remove, for users who are logged in
class ExternalAppView(BaseIPBXHelperView):
    form = ExternalAppForm
    resource = 'external_app'

    @menu_item(
        '.ipbx.services.acme_example',
        l_('External apps'),
        icon='plug',
        multi_tenant=True,
    )
    def index(self) -> Any:
        return super().index()

    def _map_form_to_resources(
        self, form: ExternalAppForm, form_id: str | None = None
    ) -> dict[str, Any]:
        app: dict[str, Any] = form.to_dict()
        if form_id:
            # the address of the page says which app it is; a name never changes
            app['name'] = form_id
        return app

"""The mails of wazo-auth, sent by the one plugin that settings name; its own is not imitated."""

from types import SimpleNamespace

from flask import request
from xivo import plugin_helpers
from xivo.resources import ErrorCatchingResource

TEXTS = SimpleNamespace(
    format_confirmation_subject=lambda context: 'Confirm your address',
    format_confirmation_email=lambda context: f'Hello {context["username"]}',
    format_password_reset_subject=lambda context: 'Set a new password',
    format_password_reset_email=lambda context: f'https://localhost/?token={context["token"]}',
)

DEFAULTS = {
    'email_notification_plugin': 'smtp',
    'smtp': {'hostname': 'localhost', 'port': 25},
    'email_confirmation_from_name': 'wazo-auth',
    'email_confirmation_from_address': 'wazo-auth@localhost',
    'password_reset_from_name': 'wazo-auth',
    'password_reset_from_address': 'wazo-auth@localhost',
}


def load(config):
    name = config['email_notification_plugin']
    if name == DEFAULTS['email_notification_plugin']:
        return None
    options = {'invoke_on_load': True, 'invoke_kwds': {'config': config, 'template_formatter': TEXTS}}
    found = plugin_helpers.find('wazo_auth.email_notification', {name: True}, **options)
    return found[name].obj


class PasswordReset(ErrorCatchingResource):
    """Answers the same whether somebody has that name; nobody else is to learn it."""

    def __init__(self, mails):
        self._mails = mails

    def get(self):
        name = request.args['username']
        if self._mails is not None:
            context = {'username': name, 'email_address': f'{name.lower()}@example.org', 'token': '123'}
            self._mails.send_password_reset(context)
        return '', 204

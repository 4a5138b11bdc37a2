# SPDX-License-Identifier: # @= license @#
"""The mails of wazo-auth: to confirm an address, and to set a new password."""

import html
import re
import smtplib
from email.message import EmailMessage
from email.utils import formataddr
from typing import Any

from wazo_auth import BaseEmailNotification

# a request waits until its mail is sent, and clients wait 10 seconds
TIMEOUT = 4
LINK = re.compile(r'https?://[^\s<>"\']+')


class Email(BaseEmailNotification):
    """Made once, at the start of wazo-auth: an error here ends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._config = kwargs['config']
        # the texts of /var/lib/wazo-auth/templates
        self._texts = kwargs['template_formatter']
        settings = self._config.get('acme_example', {})
        self._reply_to = settings.get('reply_to')

    def send_confirmation(self, context: dict[str, Any]) -> None:
        subject = self._texts.format_confirmation_subject(context)
        body = self._texts.format_confirmation_email(context)
        self._send('email_confirmation', context, subject, body)

    def send_password_reset(self, context: dict[str, Any]) -> None:
        subject = self._texts.format_password_reset_subject(context)
        body = self._texts.format_password_reset_email(context)
        self._send('password_reset', context, subject, body)

    def _send(
        self, kind: str, context: dict[str, Any], subject: str, body: str
    ) -> None:
        sender = self._config[f'{kind}_from_address']
        message = EmailMessage()
        message['From'] = formataddr((self._config[f'{kind}_from_name'], sender))
        # a line break would end the head of the mail
        username = ' '.join((context['username'] or '').split())
        message['To'] = formataddr((username, context['email_address']))
        message['Subject'] = ' '.join(subject.split())
        if self._reply_to:
            message['Reply-To'] = self._reply_to
        message.set_content(body)
        message.add_alternative(as_html(body), subtype='html')
        server = self._config['smtp']
        with smtplib.SMTP(server['hostname'], server['port'], timeout=TIMEOUT) as smtp:
            smtp.send_message(message, sender, [context['email_address']])


def as_html(text: str) -> str:
    """Show a text in HTML as it is, with links that can be clicked."""
    # a name that somebody chose must not become HTML
    safe = html.escape(text, quote=False)
    linked = LINK.sub(r'<a href="\g<0>">\g<0></a>', safe)
    return '<p>{}</p>\n'.format(linked.strip().replace('\n', '<br>\n'))

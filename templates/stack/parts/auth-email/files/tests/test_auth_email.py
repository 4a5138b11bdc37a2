# SPDX-License-Identifier: # @= license @#
"""The mails of wazo-auth, up to the mail server."""

from types import SimpleNamespace
from typing import Any

import pytest

from acme_example.auth_email import driver
from acme_example.auth_email.driver import Email, as_html

ANN = {'username': 'Ann <b>', 'email_address': 'ann@example.org', 'token': '123'}
WAZOS = {
    'smtp': {'hostname': 'mail.example.org', 'port': 25},
    'email_confirmation_from_name': 'Confirm',
    'email_confirmation_from_address': 'confirm@example.org',
    'password_reset_from_name': 'Reset',
    'password_reset_from_address': 'reset@example.org',
}
TEXTS = SimpleNamespace(
    format_confirmation_subject=lambda context: 'Confirm\n',
    format_confirmation_email=lambda context: f'Hello {context["username"]}',
    format_password_reset_subject=lambda context: 'New password',
    format_password_reset_email=lambda context: f'https://a/?token={context["token"]}',
)


class Server:
    """A mail server, which keeps what it is given."""

    def __init__(self):
        self.connections: list[Any] = []
        self.sent: list[Any] = []

    def connect(self, host, port, timeout):
        self.connections.append((host, port, timeout))
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def send_message(self, message, sender, receivers):
        self.sent.append((message, sender, receivers))


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(driver.smtplib, 'SMTP', server.connect)
    return server


@pytest.fixture
def load():
    def with_settings(settings):
        # wazo-auth may give more, some day
        return Email(config=WAZOS | settings, template_formatter=TEXTS, more=None)

    return with_settings


@pytest.fixture
def email(load, config):
    return load(config('wazo-auth'))


def test_a_confirmation(email, server):
    email.send_confirmation(ANN)
    ((message, sender, receivers),) = server.sent
    assert (sender, receivers) == ('confirm@example.org', ['ann@example.org'])
    assert message['From'] == 'Confirm <confirm@example.org>'
    assert message['To'] == '"Ann <b>" <ann@example.org>'
    assert message['Subject'] == 'Confirm'
    plain, rich = message.iter_parts()
    assert plain.get_content() == 'Hello Ann <b>\n'
    assert rich.get_content() == '<p>Hello Ann &lt;b&gt;</p>\n'


def test_a_new_password(email, server):
    email.send_password_reset(ANN)
    ((message, sender, receivers),) = server.sent
    assert (sender, receivers) == ('reset@example.org', ['ann@example.org'])
    assert message['From'] == 'Reset <reset@example.org>'
    assert message['Subject'] == 'New password'
    assert message.get_body().get_content() == (
        '<p><a href="https://a/?token=123">https://a/?token=123</a></p>\n'
    )


def test_the_server_of_wazo_is_not_waited_for_too_long(email, server):
    email.send_confirmation(ANN)
    ((host, port, timeout),) = server.connections
    assert (host, port) == ('mail.example.org', 25)
    assert 0 < timeout < 10


def test_answers_go_to_the_sender(email, server):
    email.send_confirmation(ANN)
    assert server.sent[0][0]['Reply-To'] is None


def test_answers_go_elsewhere(load, server):
    email = load({'acme_example': {'reply_to': 'help@example.org'}})
    email.send_confirmation(ANN)
    assert server.sent[0][0]['Reply-To'] == 'help@example.org'


@pytest.mark.parametrize('settings', [{}, {'acme_example': {}}])
def test_mails_without_settings(load, server, settings):
    load(settings).send_confirmation(ANN)
    assert server.sent[0][0]['Reply-To'] is None


def test_a_name_cannot_add_to_the_head(email, server):
    email.send_confirmation(ANN | {'username': 'Ann\nBcc: bob@example.org'})
    ((message, _, receivers),) = server.sent
    assert receivers == ['ann@example.org']
    assert message['Bcc'] is None
    assert message['To'] == '"Ann Bcc: bob@example.org" <ann@example.org>'


def test_an_address_cannot_add_to_the_head(email, server):
    address = 'ann@example.org\nBcc: bob@example.org'
    with pytest.raises(ValueError, match='linefeed'):
        email.send_confirmation(ANN | {'email_address': address})
    assert server.sent == []


def test_a_user_without_a_name(email, server):
    email.send_confirmation(ANN | {'username': None})
    assert server.sent[0][0]['To'] == 'ann@example.org'


def test_lines_and_links_in_html():
    assert as_html('a & b\nhttps://x/?a=1&b=2.\n') == (
        '<p>a &amp; b<br>\n'
        '<a href="https://x/?a=1&amp;b=2.">https://x/?a=1&amp;b=2.</a></p>\n'
    )


def test_the_plugin_is_chosen(entry_points, config):
    (name,) = entry_points['wazo_auth.email_notification']
    assert config('wazo-auth')['email_notification_plugin'] == name

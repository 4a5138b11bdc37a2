# SPDX-License-Identifier: # @= license @#
"""The route of wazo-calld, from the request to what Asterisk is asked."""

from types import SimpleNamespace
from typing import Any

import pytest
from xivo.rest_api_helpers import APIException

from acme_example.click import http, plugin, service
from acme_example.click.numbers import NumberReader

URL = '/users/me/acme/example/clicks'
HOST = {'host': 'localhost'}


class Ari:
    """Keeps what is originated. Its client is there once all plugins are loaded."""

    def __init__(self):
        self.originated = []

    def connect(self):
        self.client = SimpleNamespace(channels=self)

    def originate(self, **request):
        self.originated.append(request)
        return SimpleNamespace(id='1700000000.1')


class Phone:
    """The main line of a user."""

    online = True

    def context(self):
        return 'internal'

    def protocol(self):
        return 'sip'

    def interface(self):
        return 'pjsip/abcdef'

    def is_online(self, ari):
        return self.online


class Dialplan:
    """Knows every number but one."""

    @staticmethod
    def extension_exists(amid, context, exten, priority=1):
        return (context, exten) != ('internal', '999')


@pytest.fixture
def ari():
    return Ari()


@pytest.fixture
def phone(monkeypatch):
    phone = Phone()
    user = SimpleNamespace(main_line=lambda: phone)
    monkeypatch.setattr(service, 'User', lambda *_, **__: user)
    monkeypatch.setattr(service, 'ami', Dialplan)
    return phone


@pytest.fixture
def loaded(api, config, ari, phone, monkeypatch):
    tokens: list[Any] = []
    given: list[Any] = []
    for client in (plugin.AmidClient, plugin.ConfdClient):
        monkeypatch.setattr(
            client, 'set_token', lambda self, token: given.append((type(self), token))
        )
    settings = config('wazo-calld') | {'confd': HOST, 'amid': HOST}
    dependencies: Any = {
        'api': api,
        'config': settings,
        'ari': ari,
        'token_changed_subscribe': tokens.append,
    }
    plugin.Plugin().load(dependencies)
    for renew in tokens:
        renew('secret')
    assert given == [
        (plugin.AmidClient, 'secret'),
        (plugin.ConfdClient, 'secret'),
    ], 'both clients need a token'
    ari.connect()
    return api


@pytest.fixture
def post(loaded, monkeypatch):
    def send(body):
        request = SimpleNamespace(get_json=lambda force: body)
        monkeypatch.setattr(http, 'request', request)
        monkeypatch.setattr(http, 'user', SimpleNamespace(uuid='user-1'))
        tenant = SimpleNamespace(uuid='tenant-1')
        monkeypatch.setattr(http.Tenant, 'autodetect', lambda: tenant)
        return loaded.resource(URL).post()

    return send


def refusal_of(post, body):
    with pytest.raises(APIException) as caught:
        post(body)
    assert caught.value.status_code == 400
    return caught.value


def test_a_click_calls_the_number_from_the_main_line(post, ari):
    answer = {'call_id': '1700000000.1', 'number': '0014185550100'}
    assert post({'number': '+1 (418) 555-0100'}) == (answer, 201)
    (call,) = ari.originated
    assert call['endpoint'] == 'pjsip/abcdef'
    assert (call['context'], call['extension']) == ('internal', answer['number'])
    variables = call['variables']['variables']
    assert variables['WAZO_USERUUID'] == 'user-1'
    assert variables['_WAZO_TENANT_UUID'] == 'tenant-1'
    assert variables['CALLERID(num)'] == answer['number']


def test_a_number_that_the_dialplan_lacks(post, ari):
    assert '999' in str(refusal_of(post, {'number': '999'}))
    assert ari.originated == []


def test_a_phone_that_is_not_online(post, ari, phone):
    phone.online = False
    assert 'online' in str(refusal_of(post, {'number': '101'}))
    assert ari.originated == []


@pytest.mark.parametrize(
    'body',
    [
        {},
        None,
        [1],
        'number',
        {'number': ''},
        {'number': 'Bob'},
        {'number': 4.2},
        {'number': '1,2(x)'},
        {'number': '1' * 21},
        # must not take longer than it is long
        {'number': 'tel:' + ' ' * 200_000 + 'x'},
    ],
)
def test_what_is_no_number_is_a_bad_request(post, ari, body):
    refusal_of(post, body)
    assert ari.originated == []


@pytest.mark.parametrize(
    ('written', 'dialled'),
    [
        ('101', '101'),
        ('tel:+33-1-23', '0033123'),
        ('tel: +33 1 23', '0033123'),
        ('*98', '*98'),
        ('01.23/45 67', '01234567'),
    ],
)
def test_numbers_as_people_write_them(written, dialled):
    assert NumberReader('00', 20).read(written) == dialled


def test_its_own_settings_may_be_missing(api, ari, phone):
    dependencies: Any = {
        'api': api,
        'config': {'confd': HOST, 'amid': HOST},
        'ari': ari,
        'token_changed_subscribe': lambda use: None,
    }
    plugin.Plugin().load(dependencies)
    assert api.resource(URL)._numbers.read('+331') == '00331'


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_and_its_right_are_documented(loaded, documented):
    assert loaded.rights() == documented('click')


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-calld')['enabled_plugins']
    assert enabled == dict.fromkeys(entry_points['wazo_calld.plugins'], True)

# SPDX-License-Identifier: # @= license @#
"""The route of wazo-calld, from the request to what Asterisk is asked."""

from types import SimpleNamespace

import pytest
from xivo.rest_api_helpers import APIException

from acme_example.click import http
from acme_example.click.numbers import NumberReader
from acme_example.click.plugin import Plugin

URL = '/users/me/acme/example/clicks'
LINE = {'id': 7, 'context': 'internal', 'protocol': 'sip', 'name': 'abcdef'}


class Ari:
    """Keeps what is originated. Its client is there only once wazo-calld has loaded all plugins."""

    def __init__(self):
        self.originated = []

    def connect(self):
        self.client = SimpleNamespace(channels=self)

    def originate(self, **request):
        self.originated.append(request)
        return SimpleNamespace(id='1700000000.1')


@pytest.fixture
def ari():
    return Ari()


@pytest.fixture
def loaded(api, config, ari):
    tokens = []
    settings = {**config('wazo-calld'), 'confd': {'users': {'user-1': [LINE]}}}
    dependencies = {'api': api, 'config': settings, 'ari': ari, 'token_changed_subscribe': tokens.append}
    Plugin().load(dependencies)
    assert len(tokens) == 1, 'the client of wazo-confd needs a token'
    ari.connect()
    return api


@pytest.fixture
def post(loaded, monkeypatch):
    def send(body):
        monkeypatch.setattr(http, 'request', SimpleNamespace(get_json=lambda force: body))
        return loaded.resource(URL).post()

    return send


def test_a_click_calls_the_number_from_the_main_line(post, ari):
    assert post({'number': '+1 (418) 555-0100'}) == ({'call_id': '1700000000.1', 'number': '0014185550100'}, 201)
    (call,) = ari.originated
    assert call['endpoint'] == 'pjsip/abcdef'
    assert (call['context'], call['extension'], call['priority']) == ('internal', '0014185550100', 1)
    variables = call['variables']['variables']
    assert (variables['WAZO_USERUUID'], variables['_WAZO_TENANT_UUID']) == ('user-1', 'tenant-1')
    assert variables['CALLERID(num)'] == '0014185550100'


@pytest.mark.parametrize(
    'body', [{}, None, {'number': ''}, {'number': 'Bob'}, {'number': '1,2(x)'}, {'number': '1' * 21}]
)
def test_what_is_no_number_is_a_bad_request(post, ari, body):
    with pytest.raises(APIException) as caught:
        post(body)
    assert caught.value.status_code == 400
    assert ari.originated == []


@pytest.mark.parametrize(
    ('written', 'dialled'),
    [('101', '101'), ('tel:+33-1-23', '0033123'), ('*98', '*98'), ('01.23/45 67', '01234567')],
)
def test_numbers_as_people_write_them(written, dialled):
    assert NumberReader('00', 20).read(written) == dialled


def test_every_verb_asks_for_a_right(loaded):
    assert loaded.open_verbs() == []


def test_every_route_is_documented(loaded, documented):
    assert set(documented('click')) == set(loaded.routes)


def test_the_plugin_is_enabled(entry_points, config):
    enabled = config('wazo-calld')['enabled_plugins']
    assert {name for name, value in enabled.items() if value is True} == set(entry_points['wazo_calld.plugins'])

# SPDX-License-Identifier: # @= license @#
"""The options that the driver changes, and no others."""

from types import SimpleNamespace

import pytest

from acme_driver.package.driver import EndpointOptionsDriver

STOCK = """\
; from Wazo
[global]
type = global
rtp_keepalive = no

[tpl](!)
type = endpoint

[abc]
type = endpoint
rtp_keepalive = 0
set_var = WAZO=1

[abc]
type = aor
max_contacts = 1

[trunk-x](tpl)
type=endpoint ; a comment
"""


@pytest.fixture
def generate(monkeypatch):
    """Return a function: settings by endpoint -> the lines that are generated."""

    def run(endpoints):
        config = {'acme_example': {'endpoints': endpoints}}
        driver = EndpointOptionsDriver({'config': config, 'tpl_helper': None})
        monkeypatch.setattr(driver, '_stock', SimpleNamespace(generate=lambda: STOCK))
        return driver.generate().splitlines()

    return run


@pytest.mark.parametrize(
    'endpoints', [{}, None, {'nobody': {'moh_suggest': 'x'}}, {'abc': None}]
)
def test_without_settings_it_is_wazos_file(generate, endpoints):
    assert generate(endpoints) == STOCK.splitlines()


def test_options_of_every_endpoint(generate):
    lines = generate({'*': {'rtp_keepalive': 15}})
    assert lines.count('rtp_keepalive = 15') == 2
    assert 'rtp_keepalive = 0' not in lines
    assert 'rtp_keepalive = no' in lines, 'another section is left alone'
    assert lines[lines.index('[tpl](!)') : lines.index('[tpl](!)') + 3] == [
        '[tpl](!)',
        'type = endpoint',
        '',
    ]


def test_the_last_pattern_wins(generate):
    lines = generate(
        {'*': {'moh_suggest': 'all'}, 'trunk-*': {'moh_suggest': 'trunks'}}
    )
    assert lines[-1] == 'moh_suggest = trunks'
    assert lines.count('moh_suggest = all') == 1


def test_variables_are_added_to_wazos(generate):
    lines = generate({'abc': {'set_var': ['A=1', 'B=2;3']}})
    start = lines.index('set_var = WAZO=1')
    assert lines[start : start + 3] == [
        'set_var = WAZO=1',
        'set_var = A=1',
        'set_var = B=2\\;3',
    ]


def test_a_boolean_is_yes_or_no(generate):
    assert 'direct_media = no' in generate({'*': {'direct_media': False}})


def test_nothing_is_asked_of_wazo_before_generate(monkeypatch):
    monkeypatch.setattr('acme_driver.package.driver.DriverManager', None)
    EndpointOptionsDriver({'config': {}, 'tpl_helper': None})

# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-provd."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from wazo_provd.devices.config import RawConfigError
from wazo_provd.devices.pgasso import DeviceSupport

pytest.importorskip('jinja2')

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'var/lib/wazo-provd/plugins/acme-example'
AGENT = 'PhoneVendor PhoneModel 1.0'
MAC = '00:11:22:aa:bb:cc'
FILE = '001122aabbcc.cfg'
LINE = {'username': 'ann', 'password': 'secret', 'display_name': 'Ann'}
PROXY = '192.0.2.1'


@pytest.fixture
def plugin(tmp_path):
    """Found as wazo-provd finds it: the class of entry.py that says IS_PLUGIN."""
    folder = shutil.copytree(FOLDER, tmp_path / 'plugin')
    (folder / 'var' / 'tftpboot').mkdir(parents=True)
    text = (folder / 'entry.py').read_text(encoding='utf-8')
    names: dict[str, Any] = {}
    exec(compile(text, 'entry.py', 'exec'), names)
    (found,) = (one for one in names.values() if getattr(one, 'IS_PLUGIN', False))
    return found(None, str(folder), {}, {})


def config(**more):
    """The configuration that wazo-provd passes for a phone with one line."""
    lines = {'1': dict(LINE)}
    return {'sip_proxy_ip': PROXY, 'sip_lines': lines, 'funckeys': {}} | more


def info_of(plugin, agent, path):
    """The facts that the plugin reads from the request of a phone."""
    request = SimpleNamespace(getHeader=lambda name: agent, path=path.encode())
    found: list[Any] = []
    plugin.http_dev_info_extractor.extract(request, 'http').addCallback(found.append)
    return found[0]


def served(plugin, name):
    file = Path(plugin.http_service.path, name)
    return file.read_text(encoding='utf-8').splitlines()


def test_plugin_info_describes_each_phone():
    info = json.loads((FOLDER / 'plugin-info').read_text(encoding='utf-8'))
    assert {'capabilities', 'description', 'version'} <= info.keys()
    for phone in info['capabilities'].values():
        assert {'type', 'protocol', 'lines', 'function_keys'} <= phone.keys()


def test_the_first_request_of_an_unknown_phone_is_answered(plugin):
    device = info_of(plugin, AGENT, f'/{FILE}')
    assert device['mac'] == MAC, 'without it wazo-provd makes no device'
    assert plugin.pg_associator.associate(device) >= DeviceSupport.PROBABLE
    plugin.configure(device, config())
    lines = served(plugin, FILE)
    assert f'line.1.server={PROXY}' in lines
    assert 'line.1.user=ann' in lines
    assert 'line.1.password=secret' in lines
    assert 'codecs=G722,PCMA,PCMU' in lines


@pytest.mark.parametrize(
    ('agent', 'path', 'mac'),
    [
        (AGENT, f'/{FILE}', MAC),
        (f'{AGENT} {MAC.upper()}', '/firmware.bin', MAC),
        (AGENT, '/firmware.bin', None),
        (f'{AGENT} 12', '/', None),
    ],
)
def test_the_mac_address_comes_from_the_agent_or_the_path(plugin, agent, path, mac):
    assert info_of(plugin, agent, path).get('mac') == mac


@pytest.mark.parametrize('agent', ['Other 1.0', None])
def test_phones_of_others_are_left_to_others(plugin, agent):
    assert info_of(plugin, agent, f'/{FILE}') is None


def test_function_keys_and_a_line_of_its_own_server(plugin):
    keys = {
        '1': {'type': 'blf', 'value': '102', 'label': 'Bob\nkey.9.does=x'},
        '2': {'type': 'of another kind', 'value': '103'},
    }
    line = LINE | {'proxy_ip': '192.0.2.9', 'display_name': ''}
    plugin.configure({'mac': MAC}, config(funckeys=keys, sip_lines={'1': line}))
    lines = served(plugin, FILE)
    assert 'line.1.server=192.0.2.9' in lines
    assert 'line.1.name=ann' in lines
    assert [line for line in lines if line.startswith('key.')] == [
        'key.1.does=watch',
        'key.1.number=102',
        'key.1.name=Bob key.9.does=x',
    ]


def test_a_phone_is_forgotten(plugin):
    plugin.configure({'mac': MAC}, config())
    plugin.deconfigure({'mac': MAC})
    plugin.deconfigure({'mac': MAC})
    plugin.deconfigure({})
    assert not Path(plugin.http_service.path, FILE).exists()


def test_what_cannot_be_configured_is_refused(plugin):
    with pytest.raises(RawConfigError):
        plugin.configure({'mac': MAC}, config(sip_lines={}))
    with pytest.raises(ValueError, match='MAC'):
        plugin.configure({}, config())


def test_passwords_are_known_as_such(plugin):
    assert plugin.is_sensitive_filename(FILE)
    assert not plugin.is_sensitive_filename('firmware.bin')


def test_the_plugin_that_fits_best_gets_a_new_phone(plugin):
    fits = plugin.pg_associator.associate
    newer = info_of(plugin, 'PhoneVendor PhoneModel 1.1', '/')
    exact = info_of(plugin, AGENT, '/')
    assert fits(exact) > fits(newer) > fits({}) > fits({'vendor': 'Other'})

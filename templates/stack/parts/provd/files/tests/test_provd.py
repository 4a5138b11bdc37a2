# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-provd."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from wazo_provd.devices.ident import RequestType

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'var/lib/wazo-provd/plugins/acme-example'
AGENT = 'PhoneVendor PhoneModel 1.2'
DEVICE = {'mac': '00:11:22:AA:BB:CC'}
CONFIG = {'sip_lines': {'1': {'proxy_ip': '192.0.2.1', 'username': 'ann', 'password': 'secret'}}}


@pytest.fixture
def plugin(tmp_path):
    """Found as wazo-provd finds it: the class of entry.py that says IS_PLUGIN."""
    names = {}
    exec(compile((FOLDER / 'entry.py').read_text(encoding='utf-8'), 'entry.py', 'exec'), names)
    (found,) = [value for value in names.values() if getattr(value, 'IS_PLUGIN', False)]
    (tmp_path / 'var' / 'tftpboot').mkdir(parents=True)
    return found(None, str(tmp_path), {}, {})


def told_by(plugin, agent, request_type='http'):
    """What the plugin knows of the phone that sends a request."""
    request = SimpleNamespace(getHeader=lambda name: agent)
    found = []
    plugin.http_dev_info_extractor.extract(request, RequestType(request_type)).addCallback(found.append)
    return found[0]


def test_plugin_info_has_what_wazo_provd_needs():
    info = json.loads((FOLDER / 'plugin-info').read_text(encoding='utf-8'))
    assert {'capabilities', 'description', 'version'} <= info.keys()


def test_a_phone_is_configured_and_forgotten(plugin, tmp_path):
    plugin.configure(DEVICE, CONFIG)
    file = tmp_path / 'var' / 'tftpboot' / plugin.get_remote_state_trigger_filename(DEVICE)
    assert file.name == '001122aabbcc.cfg'
    assert file.read_text(encoding='utf-8') == 'server=192.0.2.1\nuser=ann\npassword=secret\n'
    assert plugin.is_sensitive_filename(file.name)
    plugin.deconfigure(DEVICE)
    plugin.deconfigure(DEVICE)
    assert not file.exists()


def test_phones_fetch_what_was_written(plugin, tmp_path):
    assert plugin.http_service.path == str(tmp_path / 'var' / 'tftpboot')


def test_a_phone_without_mac_address(plugin):
    assert plugin.get_remote_state_trigger_filename({}) is None
    plugin.deconfigure({})
    with pytest.raises(ValueError, match='MAC'):
        plugin.configure({}, CONFIG)


@pytest.mark.parametrize(('agent', 'version'), [(AGENT, '1.2'), ('Other 1.0', None), (None, None)])
def test_phones_are_told_by_their_user_agent(plugin, agent, version):
    info = told_by(plugin, agent)
    assert (info and info['version']) == version


def test_only_http_has_a_user_agent(plugin):
    assert told_by(plugin, AGENT, 'dhcp') is None


def test_a_new_phone_gets_the_plugin_that_fits_it(plugin):
    fits = plugin.pg_associator.associate
    assert fits(told_by(plugin, AGENT)) > fits({}) > fits({'vendor': 'Other'})

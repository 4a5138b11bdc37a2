# SPDX-License-Identifier: # @= license @#
"""The plugin of wazo-provd."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / 'var/lib/wazo-provd/plugins/acme-example'
DEVICE = {'mac': '00:11:22:AA:BB:CC'}
CONFIG = {'sip_lines': {'1': {'proxy_ip': '192.0.2.1', 'username': 'ann', 'password': 'secret'}}}


@pytest.fixture
def plugin(tmp_path):
    """Found as wazo-provd finds it: the class of entry.py that says IS_PLUGIN."""
    names = {}
    exec(compile((FOLDER / 'entry.py').read_text(encoding='utf-8'), 'entry.py', 'exec'), names)
    (found,) = [value for value in names.values() if getattr(value, 'IS_PLUGIN', False)]
    return found(None, str(tmp_path), {}, {})


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


@pytest.mark.parametrize(
    'agent, version', [('PhoneVendor PhoneModel 1.2', '1.2'), ('Other 1.0', None), (None, None)]
)
def test_phones_are_told_by_their_user_agent(plugin, agent, version):
    request = SimpleNamespace(getHeader=lambda name: agent)
    info = plugin.http_dev_info_extractor.extract(request, 'http')
    assert (info and info['version']) == version

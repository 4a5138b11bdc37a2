# SPDX-License-Identifier: # @= license @#
"""Executed by wazo-provd, which takes the plugin class that says IS_PLUGIN."""

import os
import re
from typing import Any

from twisted.internet import defer
from wazo_provd import plugins, synchronize
from wazo_provd.devices.config import RawConfigError
from wazo_provd.devices.pgasso import BasePgAssociator, DeviceSupport
from wazo_provd.servers.http import HTTPNoListingFileService
from wazo_provd.util import format_mac, norm_mac

VENDOR = 'PhoneVendor'
MODEL = 'PhoneModel'
VERSION = '1.0'
# "PhoneVendor PhoneModel 1.0", and by newer firmware the MAC address behind it
AGENT = re.compile(
    rf'{re.escape(VENDOR)} {re.escape(MODEL)} ([\w.]+)(?: ([\da-fA-F:]+))?$'
)
FILE = re.compile(r'\b([\da-f]{12})\.cfg$')

Device = dict[str, Any]
RawConfig = dict[str, Any]


class Extractor:
    """Tells from a request over HTTP which phone it is."""

    def extract(self, request: Any, request_type: Any) -> Any:
        agent = request.getHeader('User-Agent') or ''
        path = request.path.decode('ascii', 'replace')
        return defer.succeed(info_from(agent, path))


def info_from(agent: str, path: str) -> Device | None:
    """Return what is known of a phone. By its MAC address a new one becomes a device."""
    phone = AGENT.match(agent)
    if phone is None:
        return None
    info = {'vendor': VENDOR, 'model': MODEL, 'version': phone[1]}
    file = FILE.search(path)
    mac = phone[2] or (file and file[1])
    try:
        return info | {'mac': norm_mac(mac)} if mac else info
    except ValueError:
        return info


class Associator(BasePgAssociator):
    """Says how well the plugin fits a phone: the best one gets a phone that is new."""

    def _do_associate(
        self, vendor: str, model: str | None, version: str | None
    ) -> DeviceSupport:
        if (vendor, model) != (VENDOR, MODEL):
            return DeviceSupport.IMPROBABLE
        return DeviceSupport.EXACT if version == VERSION else DeviceSupport.COMPLETE


class Plugin(plugins.StandardPlugin):
    IS_PLUGIN = True
    http_dev_info_extractor = Extractor()
    pg_associator = Associator()

    def __init__(self, app: Any, plugin_dir: str, gen_cfg: Any, spec_cfg: Any) -> None:
        super().__init__(app, plugin_dir, gen_cfg, spec_cfg)
        self._templates = plugins.TemplatePluginHelper(plugin_dir)
        self.http_service = HTTPNoListingFileService(self._tftpboot_dir)

    def configure(self, device: Device, raw_config: RawConfig) -> None:
        """Write the file that the phone fetches."""
        name = self.get_remote_state_trigger_filename(device)
        if name is None:
            raise ValueError('a phone is known by its MAC address')
        if not raw_config.get('sip_lines'):
            raise RawConfigError('a phone needs a line')
        for line in raw_config['sip_lines'].values():
            for key in ('proxy_ip', 'backup_proxy_ip'):
                line.setdefault(key, raw_config.get(f'sip_{key}'))
        template = self._templates.get_dev_template(name, device)
        self._templates.dump(template, raw_config, self._path(name))

    def deconfigure(self, device: Device) -> None:
        name = self.get_remote_state_trigger_filename(device)
        if name is not None and os.path.exists(self._path(name)):
            os.remove(self._path(name))

    def synchronize(self, device: Device, raw_config: RawConfig) -> Any:
        """Let the phone fetch its file again."""
        return synchronize.standard_sip_synchronize(device)

    def get_remote_state_trigger_filename(self, device: Device) -> str | None:
        mac = device.get('mac')
        return f"{format_mac(mac, separator='')}.cfg" if mac else None

    def is_sensitive_filename(self, filename: str) -> bool:
        """Say whether a file holds a password: all of ours do."""
        return FILE.match(filename) is not None

    def _path(self, name: str) -> str:
        return os.path.join(self._tftpboot_dir, name)

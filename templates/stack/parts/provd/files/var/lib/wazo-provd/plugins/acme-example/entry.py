# SPDX-License-Identifier: # @= license @#
"""Executed by wazo-provd, which takes the plugin class that says IS_PLUGIN."""

import os
import re

from twisted.internet import defer
from wazo_provd import plugins, synchronize
from wazo_provd.devices.ident import RequestType
from wazo_provd.devices.pgasso import BasePgAssociator, DeviceSupport
from wazo_provd.servers.http import HTTPNoListingFileService

VENDOR = 'PhoneVendor'
MODEL = 'PhoneModel'
AGENT = re.compile(r'^PhoneVendor PhoneModel ([\w.]+)')


class Extractor:
    """Tells from a request which phone it is."""

    def extract(self, request, request_type):
        agent = (request.getHeader('User-Agent') or '') if request_type == RequestType.HTTP else ''
        match = AGENT.match(agent)
        found = {'vendor': VENDOR, 'model': MODEL, 'version': match[1]} if match else None
        return defer.succeed(found)


class Associator(BasePgAssociator):
    """Says how well the plugin fits a phone: the best one gets a phone that is new."""

    def _do_associate(self, vendor, model, version):
        return DeviceSupport.COMPLETE if (vendor, model) == (VENDOR, MODEL) else DeviceSupport.IMPROBABLE


class Plugin(plugins.StandardPlugin):
    IS_PLUGIN = True
    http_dev_info_extractor = Extractor()
    pg_associator = Associator()

    def __init__(self, app, plugin_dir, gen_cfg, spec_cfg):
        super().__init__(app, plugin_dir, gen_cfg, spec_cfg)
        self.http_service = HTTPNoListingFileService(self._tftpboot_dir)

    def configure(self, device, raw_config):
        """Write the file that the phone fetches."""
        name = self.get_remote_state_trigger_filename(device)
        if name is None:
            raise ValueError('a phone is known by its MAC address, which this device lacks')
        line = raw_config['sip_lines']['1']
        settings = {
            'server': line.get('proxy_ip') or raw_config['sip_proxy_ip'],
            'user': line['username'],
            'password': line['password'],
        }
        with open(os.path.join(self._tftpboot_dir, name), 'w', encoding='utf-8') as file:
            file.writelines(f'{key}={value}\n' for key, value in settings.items())

    def deconfigure(self, device):
        name = self.get_remote_state_trigger_filename(device)
        path = os.path.join(self._tftpboot_dir, name or '')
        if os.path.isfile(path):
            os.remove(path)

    def synchronize(self, device, raw_config):
        """Let the phone fetch its file again."""
        return synchronize.standard_sip_synchronize(device)

    def get_remote_state_trigger_filename(self, device):
        mac = device.get('mac')
        return f"{mac.replace(':', '').lower()}.cfg" if mac else None

    def is_sensitive_filename(self, filename):
        """Say whether a file holds a password: all of ours do."""
        return bool(re.fullmatch(r'[0-9a-f]{12}\.cfg', filename))

# SPDX-License-Identifier: # @= license @#
"""Executed by wazo-provd, which takes the plugin class that says IS_PLUGIN."""

import os
import re

from wazo_provd import plugins

AGENT = re.compile(r'^PhoneVendor PhoneModel ([\w.]+)')


class Extractor:
    """Tells from a request which phone it is."""

    def extract(self, request, request_type):
        agent = (request.getHeader('User-Agent') or '') if request_type == 'http' else ''
        match = AGENT.match(agent)
        return {'vendor': 'PhoneVendor', 'model': 'PhoneModel', 'version': match[1]} if match else None


class Plugin(plugins.StandardPlugin):
    IS_PLUGIN = True

    def __init__(self, app, plugin_dir, gen_cfg, spec_cfg):
        super().__init__(app, plugin_dir, gen_cfg, spec_cfg)
        self._files = os.path.join(plugin_dir, 'var', 'tftpboot')
        self.http_dev_info_extractor = Extractor()

    def configure(self, device, raw_config):
        """Write the file that the phone fetches."""
        line = raw_config['sip_lines']['1']
        settings = {'server': line['proxy_ip'], 'user': line['username'], 'password': line['password']}
        os.makedirs(self._files, exist_ok=True)
        with open(self._path_of(device), 'w', encoding='utf-8') as file:
            file.writelines(f'{key}={value}\n' for key, value in settings.items())

    def deconfigure(self, device):
        if os.path.exists(self._path_of(device)):
            os.remove(self._path_of(device))

    def get_remote_state_trigger_filename(self, device):
        return self._name_of(device)

    def is_sensitive_filename(self, filename):
        """Say whether a file holds a password: all of ours do."""
        return bool(re.fullmatch(r'[0-9a-f]{12}\.cfg', filename))

    def _name_of(self, device):
        return f"{device['mac'].replace(':', '').lower()}.cfg"

    def _path_of(self, device):
        return os.path.join(self._files, self._name_of(device))

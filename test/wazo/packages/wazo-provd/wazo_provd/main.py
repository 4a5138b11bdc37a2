"""wazo-provd: its plugins, and the files that phones fetch by HTTP. A phone that is not known becomes a device."""

import glob
import http.server
import json
import logging
import os
import threading
from types import SimpleNamespace

from xivo import daemon

PLUGINS = '/var/lib/wazo-provd/plugins'
SPEC = daemon.Spec('wazo-provd', 8666, '0.2', 'wazo-provd')
logger = logging.getLogger('wazo_provd')

# of a device that no line is given to yet, as autocreated ones have it
CONFIG = {
    'sip_proxy_ip': '127.0.0.1',
    'sip_lines': {'1': {'username': 'autoprov', 'password': 'secret', 'display_name': 'Autoprov'}},
    'funckeys': {},
}


def load(folder):
    names = {}
    with open(f'{folder}/entry.py', encoding='utf-8') as stream:
        exec(compile(stream.read(), f'{folder}/entry.py', 'exec'), names)
    (found,) = [one for one in names.values() if getattr(one, 'IS_PLUGIN', False)]
    os.makedirs(f'{folder}/var/tftpboot', exist_ok=True)
    return found(None, folder, {}, {})


class Phones(http.server.BaseHTTPRequestHandler):
    plugins = []

    def do_GET(self):
        request = SimpleNamespace(getHeader=self.headers.get, path=self.path.encode())
        for plugin in self.plugins:
            known = []
            plugin.http_dev_info_extractor.extract(request, 'http').addCallback(known.append)
            if known[0] and 'mac' in known[0]:
                plugin.configure(known[0], CONFIG)
                return self._send(f'{plugin.http_service.path}/{os.path.basename(self.path)}')
        return self.send_error(404)

    def _send(self, file):
        if not os.path.isfile(file):
            return self.send_error(404)
        with open(file, 'rb') as stream:
            text = stream.read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, form, *values):
        logger.info(form, *values)


class Unknown(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)


def serve():
    daemon.open_log(SPEC)
    folders = sorted(glob.glob(f'{PLUGINS}/*/'))
    for folder in folders:
        # a folder without it ends the daemon, as what a plugin leaves there when it is removed
        with open(f'{folder}plugin-info', encoding='utf-8') as stream:
            json.load(stream)
    for folder in folders:
        try:
            Phones.plugins.append(load(folder.rstrip('/')))
        except Exception:
            logger.exception('Error while loading plugin %s', folder)
    phones = http.server.ThreadingHTTPServer(('127.0.0.1', 8667), Phones)
    threading.Thread(target=phones.serve_forever, daemon=True).start()
    # nobody asks its API here
    http.server.ThreadingHTTPServer(('127.0.0.1', SPEC.port), Unknown).serve_forever()

#!/usr/bin/python3
"""Stands for wazo-calld: loads its plugins as xivo.plugin_helpers does, and tells on its port what they said."""

import glob
import importlib.metadata
import logging
import socket
import sys

import yaml

logging.basicConfig(filename='/var/log/wazo-calld.log', level=logging.INFO)
logger = logging.getLogger('xivo.plugin_helpers')

enabled = {}
for name in sorted(glob.glob('/etc/wazo-calld/conf.d/*.yml')):
    with open(name, encoding='utf-8') as file:
        enabled.update((yaml.safe_load(file) or {}).get('enabled_plugins') or {})
wanted = {name for name, is_wanted in enabled.items() if is_wanted}

points = {point.name: point for point in importlib.metadata.entry_points(group='wazo_calld.plugins')}
missing = wanted - set(points)
if missing:
    logger.warning('entrypoint is missing for plugins: %s', missing)
said = []
for name in sorted(wanted & set(points)):
    try:
        plugin = points[name].load()()
    except Exception:
        logger.exception('Error in plugin namespace "wazo_calld.plugins" when loading module: "%s"', points[name])
        continue
    try:
        said.append(f'{name} {plugin.load({})}')
    except Exception as error:
        logger.exception('error calling %r: %s', name, error)

server = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    client, _ = server.accept()
    with client:
        client.sendall('\n'.join(said).encode())

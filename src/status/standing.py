"""Says what stands on a server, as one JSON object: its plugins, its Wazo and its Debian. It only reads.

standing.py [texts] [ROOT]     with "texts" the files of each plugin too: by these wdev compat tells what an upgrade breaks
"""

import glob
import json
import os
import re
import subprocess
import sys

TEXTS = sys.argv[1:2] == ['texts']
ROOT = sys.argv[-1] if sys.argv[-1].startswith('/') else ''
ADMIN = ROOT + '/var/lib/dpkg'
RECORDS = ROOT + '/var/lib/wdev/plugins'
LONGEST = 1024 * 1024  # of a file; nobody writes a longer one
left = 16 * LONGEST  # of all files of a server


def output(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return ''
    return done.stdout.decode('utf-8', 'replace')


def read(path):
    try:
        with open(ROOT + path, encoding='utf-8', errors='replace') as file:
            return file.read().strip()
    except OSError:
        return None


def text_of(path):
    """The text of a file, None for one that is no text; raises where it is more than is read."""
    global left
    with open(ROOT + path, 'rb') as file:
        content = file.read(min(LONGEST, left) + 1)
    if b'\0' in content:
        return None
    if len(content) > min(LONGEST, left):
        raise OSError('too long')
    left -= len(content)
    return content.decode('utf-8', 'replace')


def with_texts(plugin, paths):
    """Adds the files of a plugin, each with its text or None, and those that were not read."""
    if not TEXTS:
        return plugin
    files, unread = [], []
    for path in paths:
        full = ROOT + path
        if not os.path.isfile(full) or os.path.islink(full):
            if os.path.islink(full):
                files.append([path, None])
            continue
        try:
            files.append([path, text_of(path)])
        except OSError:
            files.append([path, None])
            unread.append(path)
    return dict(plugin, files=files, unread=unread)


def of_packages():
    """Plugins that wazo-plugind or apt installed: a Debian package each."""
    fields = '${db:Status-Status}\t${Package}\t${Version}\t${Depends}\n'
    listed = output('dpkg-query', '--admindir', ADMIN, '-W', '-f', fields, 'wazo-plugind-*-*')
    for state, package, version, depends in (row.split('\t') for row in listed.splitlines()):
        if state in ('not-installed', 'config-files'):
            continue
        paths = output('dpkg-query', '--admindir', ADMIN, '-L', package).splitlines()
        homes = (re.match(r'/usr/lib/wazo-plugind/plugins/([^/]+/[^/]+)/wazo/plugin\.yml$', path) for path in paths)
        name = next((home.group(1) for home in homes if home), None)
        # Wazo's own, as wazo-plugind-client-python3
        if name is None:
            continue
        # "??5?????? c /etc/x.yml", "missing     /etc/x.yml"
        unlike = output('dpkg', *(['--root', ROOT] if ROOT else []), '-V', package).splitlines()
        plugin = {
            'by': 'package',
            'plugin': name,
            'package': package,
            'version': version,
            'state': state,
            'depends': depends,
            'changed': [line[line.index('/') :] for line in unlike if '/' in line],
        }
        yield with_texts(plugin, paths)


def of_wdev():
    """Plugins that wdev put there, by its own records."""
    for name in sorted(glob.glob(glob.escape(RECORDS) + '/*.json')):
        try:
            with open(name, encoding='utf-8') as file:
                record = json.load(file)
            paths = [entry[0] for entry in record['files']]
            plugin = {'by': 'wdev', 'plugin': record['id'], 'package': '', 'version': record['version']}
        except (OSError, ValueError, LookupError, TypeError):
            continue
        yield with_texts(dict(plugin, state='installed', depends='', changed=[]), paths)


json.dump(
    {
        'wazo': read('/usr/share/wazo/WAZO-VERSION'),
        'debian': read('/etc/debian_version'),
        'plugins': [*of_packages(), *of_wdev()],
    },
    sys.stdout,
)

/** Plugins as their authors wrote them, without wdev. */

/** A service plugin whose Python comes out of a bdist archive, one arm for two commands, and its own helper. */
export const BDIST_PLUGIN: Readonly<Record<string, string>> = {
  'wazo/plugin.yml': `# kept by hand
name: queue-board
namespace: northwind
version: "2.3.1"
description: Shows who waits in which queue
author: Northwind Telecom
plugin_format_version: 1
debian_depends: [python3-yaml] # for the settings
`,
  'wazo/rules': `#!/bin/bash
set -e
site=usr/lib/python3/dist-packages

restart() {
    systemctl restart "wazo-$1" || true
}

case "$1" in
    build)
        python3 setup.py -q build_py --build-lib build/lib bdist --formats=gztar
        ;;
    package)
        tar xzf dist/*.tar.gz -C "$pkgdir"
        find "$pkgdir" -name __pycache__ -prune -exec rm -r {} +
        mkdir -p "$pkgdir/etc/wazo-calld/conf.d"
        cp etc/wazo-calld/conf.d/60-queue-board.yml "$pkgdir/etc/wazo-calld/conf.d/"
        ;;
    install|postrm)
        rm -rf /root/.cache/python-entrypoints
        restart calld
        ;;
    uninstall) ;;
    *)
        exit 1 ;;
esac
`,
  'setup.py': `#!/usr/bin/env python3
from setuptools import setup

setup(
    name='queueboard',
    version='2.3.1',
    packages=['queueboard', 'queueboard.calld'],
    entry_points={
        'wazo_calld.plugins': [
            'queue_board = queueboard.calld.plugin:Plugin',  # the board
        ],
    }
)
`,
  'queueboard/__init__.py': '',
  'queueboard/calld/__init__.py': '',
  'queueboard/calld/plugin.py': `class Plugin:
    def load(self, dependencies):
        self.config = dependencies['config']
`,
  'etc/wazo-calld/conf.d/60-queue-board.yml': 'enabled_plugins:\n  queue_board: true\n',
  '.gitignore': 'build/\ndist/\n*.egg-info/\n__pycache__/\n',
};

/** A dialplan, copied file by file; no Python anywhere. */
export const COPY_PLUGIN: Readonly<Record<string, string>> = {
  'wazo/plugin.yml': `name: lunch-hours
namespace: contoso
version: "0.9"
plugin_format_version: 1
`,
  'wazo/rules': `#!/bin/sh

set -e

conf=etc/asterisk/extensions_extra.d/lunch.conf

case "$1" in
build)
  ;;
package)
  mkdir -p "$pkgdir/etc/asterisk/extensions_extra.d"
  cp "$conf" "$pkgdir/$conf"
  ;;
install)
  asterisk -rx 'dialplan reload' ;;
uninstall)
  ;;
postrm)
  asterisk -rx 'dialplan reload'
  ;;
*)
  echo "$0: unknown command $1" >&2
  exit 1
esac
`,
  'etc/asterisk/extensions_extra.d/lunch.conf': `[xivo-extrafeatures]
exten = ***12,1,Answer()
same = n,Playback(vm-goodbye)
same = n,Hangup()
`,
};

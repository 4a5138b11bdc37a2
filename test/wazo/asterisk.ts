/** The packages of Asterisk among the stand-ins: the Asterisk 22 of a real stack, with libraries of its own, for it is of another release of Debian. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stackLayout, writeLayout } from '../../src/stacks/layout.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { run } from '../../src/support/run.ts';

const VERSION = '22.0';
const HOME = '/usr/lib/asterisk';

/** Copies what Asterisk and its modules need from a root; a program of another release needs the loader of its own, too. */
const GATHER = `set -e
base=$1 tree=$2
modules=usr/lib/x86_64-linux-gnu/asterisk/modules
mkdir -p "$tree${HOME}/lib" "$tree/usr/lib/x86_64-linux-gnu" "$tree/usr/share" "$tree/var/lib" "$tree/usr/sbin"
# NSS, by which calls are encrypted, loads two libraries by their names
for library in libsoftokn3 libfreebl3 libfreeblpriv3; do cp -L "$base/usr/lib/x86_64-linux-gnu/$library".* "$tree${HOME}/lib/"; done
chroot "$base" sh -c 'ldd /usr/sbin/asterisk /usr/lib/x86_64-linux-gnu/libsoftokn3.so "$1"/*.so' sh "/$modules" | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p' | sort -u |
  while read -r library; do cp -L "$base$library" "$tree${HOME}/lib/"; done
cp -L "$base/lib64/ld-linux-x86-64.so.2" "$tree${HOME}/ld.so"
cp "$base/usr/sbin/asterisk" "$tree${HOME}/asterisk"
cp -a "$base/usr/lib/x86_64-linux-gnu/asterisk" "$tree/usr/lib/x86_64-linux-gnu/"
cp -a "$base/usr/share/asterisk" "$tree/usr/share/"
cp -a "$base/var/lib/asterisk" "$tree/var/lib/"
mkdir -p "$tree/var/log/asterisk" "$tree/var/spool/asterisk"
`;

const PROGRAM = `#!/bin/sh
exec ${HOME}/ld.so --library-path ${HOME}/lib ${HOME}/asterisk "$@"
`;

const UNIT = `[Unit]
Description=Asterisk PBX
After=network.target wazo-confgend.service

[Service]
ExecStartPre=/usr/bin/install -d -o asterisk -g asterisk /run/asterisk
ExecStart=/usr/sbin/asterisk -f -U asterisk -G asterisk
ExecReload=/usr/sbin/asterisk -rx 'core reload'
Restart=on-failure
StandardOutput=null
StandardError=null

[Install]
WantedBy=multi-user.target
`;

const POSTINST = `#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
adduser --quiet --system --group --no-create-home --home /var/lib/asterisk asterisk
chown -R asterisk: /var/lib/asterisk /var/log/asterisk /var/spool/asterisk
systemctl daemon-reload
systemctl enable --quiet asterisk
systemctl restart asterisk
`;

/** For the stand-in of wazo-amid. */
const MANAGER = `[general]
enabled = yes
bindaddr = 127.0.0.1

[wazo_amid]
secret = stand-in
read = all
write = all
`;

/** Writes both packages into the folder of a repository. */
export async function addAsterisk(folder: string): Promise<void> {
  const layout = stackLayout().filter(({ path: file }) =>
    /^(?:etc\/(?:asterisk|xivo)|usr\/share\/wazo-asterisk-config)\//.test(file),
  );
  const [, base = ''] = await ensureRoot(stackLayout(), () => undefined);
  const settings = `${folder}.settings`;
  writeLayout(settings, layout);
  writeFileSync(path.join(settings, 'etc/asterisk/manager.d/02-wazo.conf'), MANAGER);
  await pack(settings, folder, control('wazo-asterisk-config', 'stand-in of its settings', []));
  const tree = `${folder}.asterisk`;
  await must(['sh', '-c', GATHER, 'sh', base, tree]);
  writeFileSync(path.join(tree, 'usr/sbin/asterisk'), PROGRAM, { mode: 0o755 });
  mkdirSync(path.join(tree, 'usr/lib/systemd/system'), { recursive: true });
  writeFileSync(path.join(tree, 'usr/lib/systemd/system/asterisk.service'), UNIT);
  await pack(
    tree,
    folder,
    control('asterisk', 'Asterisk 22 of Debian', ['adduser', 'wazo-asterisk-config']),
    POSTINST,
  );
}

function control(name: string, summary: string, depends: readonly string[]): string {
  return `Package: ${name}
Version: ${VERSION}
Architecture: all
Maintainer: generator-wazo-plugin tests <tests@localhost>
${depends.length === 0 ? '' : `Depends: ${depends.join(', ')}\n`}Description: ${summary}
`;
}

async function pack(tree: string, folder: string, text: string, postinst?: string): Promise<void> {
  mkdirSync(path.join(tree, 'DEBIAN'));
  writeFileSync(path.join(tree, 'DEBIAN/control'), text);
  if (postinst !== undefined) writeFileSync(path.join(tree, 'DEBIAN/postinst'), postinst, { mode: 0o755 });
  // to compress it takes longer than to copy it
  await must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, folder]);
  rmSync(tree, { recursive: true });
}

async function must(command: readonly [string, ...string[]]): Promise<void> {
  const { status, stdout, stderr } = await run([...command], { timeout: 900_000 });
  if (status !== 0) throw new Error(`${command.join(' ')}\n${stdout}${stderr}`);
}

/** An Asterisk 22 beside the stand-ins of Wazo's services: that of a real stack, in a folder of the machine. */

import { spawn } from 'node:child_process';
import { stackLayout } from '../../src/stacks/layout.ts';
import { realCommand, type RealStack } from '../../src/stacks/real.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { run } from '../../src/support/run.ts';

const HOME = '/srv/asterisk';

/** The folders of a Debian that Asterisk needs: it is of another release than the machine. */
const PARTS = [
  'bin',
  'etc',
  'lib',
  'lib64',
  'sbin',
  'usr/bin',
  'usr/lib',
  'usr/lib64',
  'usr/sbin',
  'usr/share/asterisk',
  'var/lib/asterisk',
  'var/log/asterisk',
  'var/spool/asterisk',
];

/** It has the settings, socket and logs that are seen from the machine; its console is called as on a server. */
const START = `set -e
mkdir -p ${HOME}/proc ${HOME}/dev ${HOME}/tmp ${HOME}/run/asterisk ${HOME}/etc/asterisk ${HOME}/etc/xivo
[ -e ${HOME}/var/run ] || ln -s ../run ${HOME}/var/run
for folder in etc/asterisk etc/xivo proc dev; do mount --rbind /$folder ${HOME}/$folder; done
chroot ${HOME} chown asterisk: /run/asterisk
ln -sfn ${HOME}/run/asterisk /run/asterisk
ln -sfn ${HOME}/var/log/asterisk /var/log/asterisk
printf '#!/bin/sh\\nexec chroot ${HOME} /usr/sbin/asterisk "$@"\\n' >/usr/sbin/asterisk
chmod 755 /usr/sbin/asterisk
printf '[Service]\\nExecStart=/usr/sbin/asterisk -f -U asterisk -G asterisk\\n' >/etc/systemd/system/asterisk.service
systemctl daemon-reload
systemctl start asterisk
until asterisk -rx 'core waitfullybooted' | grep -q 'fully booted'; do sleep 0.1; done
asterisk -rx 'core show version'`;

/** Copies it there and starts it; gives its version. */
export async function bringAsterisk(stack: RealStack): Promise<string> {
  const [settings = '', root = ''] = await ensureRoot(stackLayout(), () => undefined);
  await copyInto(stack, root, PARTS, HOME);
  await copyInto(stack, settings, ['etc/asterisk', 'etc/xivo'], '/');
  const { status, stdout, stderr } = await run(realCommand(stack, ['/bin/sh', '-c', START]), {
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout.trim();
}

async function copyInto(
  stack: RealStack,
  folder: string,
  parts: readonly string[],
  to: string,
): Promise<void> {
  const unpack = ['/bin/sh', '-c', 'mkdir -p "$1" && exec tar -x -C "$1"', 'sh', to];
  const [program, ...args] = realCommand(stack, unpack);
  const reader = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const writer = spawn('tar', ['-C', folder, '-c', ...parts], { stdio: ['ignore', 'pipe', 'inherit'] });
  writer.stdout.pipe(reader.stdin);
  const status = await new Promise((resolve) => reader.once('close', resolve));
  if (status !== 0) throw new Error(`tar in ${to} ended with ${String(status)}`);
}

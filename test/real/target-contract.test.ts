import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { downReal, realCommand, realShell, upReal, type RealStack } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { openTarget } from '../../src/targets/open.ts';
import { contract } from '../support/contract.ts';
import { lacks } from '../support/needs.ts';

const NAME = `test-contract-${process.pid}`;

/** Users of the stack: one who may become root without a password, one who may not, one who must give it. */
const USERS = `for user in ann bob cid; do
  useradd -m -s /bin/bash "$user"
  install -d -o "$user" -g "$user" -m 700 "/home/$user/.ssh"
  install -o "$user" -g "$user" -m 600 /root/.ssh/authorized_keys "/home/$user/.ssh/authorized_keys"
done
echo 'ann ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/ann
echo 'cid ALL=(ALL:ALL) ALL' >/etc/sudoers.d/cid
chmod 440 /etc/sudoers.d/*
`;

describe.skipIf(lacks('real'))('a target on a real machine', () => {
  let stack: RealStack;
  let folder = '';
  const environment = { ...process.env };

  beforeAll(async () => {
    stack = await upReal(NAME, { forUs: true });
    folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
    const made = await run(realCommand(stack, ['sh', '-e']), { input: USERS });
    if (made.status !== 0) throw new Error(made.stderr);
    const config = path.join(folder, 'ssh_config');
    const hosts = ['root', 'ann', 'bob', 'cid'].map((user) => `Host ${user}\n  User ${user}\n`);
    const common = readFileSync(stack.sshConfig, 'utf8').replace('Host stack', 'Host *');
    writeFileSync(config, [...hosts, common.replace(/^ *User .*\n/m, '')].join(''));
    process.env['WDEV_SSH_CONFIG'] = config;
    // no docker runs here: what `docker exec` would do for a container is done for the stack
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    const enter = realShell(stack).argv.slice(0, -1).join(' ');
    writeFileSync(path.join(bin, 'docker'), `#!/bin/sh\n[ "$*" = 'exec -i pbx sh' ] && exec ${enter} sh\n`);
    chmodSync(path.join(bin, 'docker'), 0o755);
    process.env['PATH'] = `${bin}:${process.env['PATH']}`;
  });

  afterAll(async () => {
    process.env = environment;
    await downReal(NAME);
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    const srv = path.join(stack.rootfs, 'srv');
    for (const name of readdirSync(srv, { encoding: 'buffer' }))
      rmSync(Buffer.concat([Buffer.from(`${srv}/`), name]), { recursive: true });
  });

  const ways: readonly (readonly [string, () => string, boolean])[] = [
    ['ssh, as root', () => 'ssh://root', true],
    ['ssh, as a user with sudo', () => 'ssh://ann', false],
    ['nsenter', () => `exec:${realShell(stack).argv.join(' ')}`, false],
    ['a chroot without /proc and /dev', () => `exec:chroot ${stack.rootfs} sh`, false],
  ];

  describe.each(ways)('over %s', (_name, address, many) => {
    contract(() => ({ root: stack.rootfs, open: async () => await openTarget(address()) }), '/srv', { many });
  });

  it('over docker exec, which is nsenter by another name', async () => {
    const target = await openTarget('container:pbx');
    const { stdout } = await target.run('hostname; wc -c', { input: Buffer.from('four') });
    expect(stdout.toString()).toBe(`${readFileSync(path.join(stack.rootfs, 'etc/hostname'), 'utf8')}4\n`);
    await target.close();
  });

  it('over ssh, with another host key than the known one: it is told, and nothing is sent', async () => {
    const key = '/etc/ssh/ssh_host_ed25519_key';
    const came = path.join(stack.rootfs, 'root/came');
    const inside = async (script: string): Promise<void> => {
      const { status, stderr } = await run(realCommand(stack, ['sh', '-e']), { input: script });
      expect([status, stderr]).toEqual([0, '']);
    };
    // sshd runs it for whoever comes in
    await inside(`echo 'touch /root/came' >/root/.ssh/rc
      mv ${key} ${key}.known
      ssh-keygen -q -t ed25519 -N '' -f ${key}
      systemctl restart ssh`);
    try {
      await expect(openTarget('ssh://root')).rejects.toMatchObject({
        code: 'target-unreachable',
        exit: 3,
        help: expect.stringContaining('It shows another key than the known one') as string,
      });
      expect(existsSync(came)).toBe(false);
    } finally {
      await inside(`mv ${key}.known ${key}; systemctl restart ssh`);
    }
    const target = await openTarget('ssh://root');
    await target.close();
    expect(existsSync(came)).toBe(true);
    await inside('rm /root/.ssh/rc /root/came');
  });

  it.each([
    ['bob', 'sudo: a password is required'],
    ['cid', 'sudo: a password is required'],
  ])('says why %s, who is not root and gets no sudo, is refused', async (user, reason) => {
    await expect(openTarget(`ssh://${user}`)).rejects.toMatchObject({
      code: 'target-unreachable',
      exit: 3,
      message: expect.stringContaining(`${user} gets no root shell by sudo: ${reason}`) as string,
      help: expect.stringContaining(`${user} ALL=(ALL:ALL) NOPASSWD: ALL`) as string,
    });
  });
});

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { makePlugin, project, wdevNow, type Outcome } from '../support/watch.ts';

const NAME = `test-login-${process.pid}`;

const NOISE = `echo noise; echo noise >&2; printf 'prompt> '; umask 077
export CDPATH=/tmp:/ LC_ALL=xx_YY.UTF-8 TMPDIR=/nonexistent POSIXLY_CORRECT=1 TAR_OPTIONS=-v
alias ls='ls --color' sh=false exec=false sudo='sudo -k'; set -u
`;

/** Accounts: the program that this machine has for their login shell, its profile there, and what that holds. */
const ACCOUNTS = {
  // read by nobody without a terminal
  ash: ['/usr/bin/busybox', '.profile', NOISE],
  bash: ['/usr/bin/bash', '.bashrc', `shopt -s expand_aliases\n${NOISE}`],
  reads: ['/usr/bin/bash', '.bashrc', 'read -r one; read -r two\n'],
  zsh: ['/usr/bin/zsh', '.zshenv', NOISE],
  asked: ['/usr/bin/bash', '.bashrc', NOISE],
  turned: ['/usr/bin/bash', '.bashrc', 'exec sh\n'],
  ends: ['/usr/bin/bash', '.bashrc', 'exit 0\n'],
  trapped: [
    '/usr/bin/bash',
    '.bashrc',
    `trap 'echo debug; echo debug >&2' DEBUG ERR; trap 'echo bye; sleep 1' EXIT HUP TERM; cd /tmp\n`,
  ],
  other: ['/usr/bin/zsh', '.zshenv', '[[ -n $TURNED ]] || TURNED=1 exec zsh -c "$ZSH_EXECUTION_STRING"\n'],
  asks: ['/usr/bin/bash', '.bashrc', 'read -r -p "Continue? " answer </dev/tty || read -r -t 1 answer\n'],
  sleeps: ['/usr/bin/bash', '.bashrc', 'sleep 600\n'],
} as const;

const SHELLS: ReadonlyMap<string, string> = new Map([
  ['ash', '/usr/bin/ash'],
  ['zsh', '/usr/bin/zsh'],
  ['other', '/usr/bin/zsh'],
]);

const KEY = '/etc/ssh/ssh_host_ed25519_key';

describe.skipIf(lacks('real'))('over a real sshd, as a user', () => {
  let stack: RealStack;
  let place: ReturnType<typeof project>;
  let config = '';

  function on(user: string, ...words: readonly string[]): Outcome {
    return wdevNow([...words, '--target', `ssh://${user}`], place.dir, { WDEV_SSH_CONFIG: config });
  }

  /** Each command that opens the target, each of which has to say this, with the status of a target out of reach. */
  function everyCommandSays(user: string, told: string): void {
    for (const words of [
      ['watch', '--once', 'hello'],
      ['status'],
      ['why', 'hello'],
      ['logs'],
      ['deploy', '--remove', '--yes', 'hello'],
      ['test', 'hello'],
      ['restore'],
    ]) {
      const { status, stderr } = on(user, ...words);
      expect([words[0], status, stderr]).toEqual([words[0], 3, expect.stringContaining(told)]);
    }
  }

  beforeAll(async () => {
    place = project();
    makePlugin(place.dir, 'hello');
    stack = await upReal(NAME, { forUs: true });
    for (const program of ['busybox', 'zsh'].filter((name) => existsSync(`/usr/bin/${name}`)))
      copyFileSync(`/usr/bin/${program}`, path.join(stack.rootfs, 'usr/bin', program));
    inside(stack, '[ ! -x /usr/bin/busybox ] || ln -s busybox /usr/bin/ash');
    for (const [user, [, profile, text]] of Object.entries(ACCOUNTS)) {
      const shell = SHELLS.get(user) ?? '/bin/bash';
      const grant = user === 'asked' ? 'ALL' : 'NOPASSWD: ALL';
      inside(
        stack,
        `set -e; useradd -m -s ${shell} ${user}
        install -d -o ${user} -m 700 /home/${user}/.ssh
        install -o ${user} -m 600 /root/.ssh/authorized_keys /home/${user}/.ssh/
        echo '${user} ALL=(ALL:ALL) ${grant}' >/etc/sudoers.d/${user}; chmod 440 /etc/sudoers.d/${user}`,
      );
      const file = path.join(stack.rootfs, 'home', user, profile);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    config = path.join(place.dir, 'ssh_config');
    const hosts = ['root', ...Object.keys(ACCOUNTS)].map((user) => `Host ${user}\n  User ${user}\n`);
    const common = readFileSync(stack.sshConfig, 'utf8').replace('Host stack', 'Host *');
    writeFileSync(config, [...hosts, common.replace(/^ *User .*\n/m, '')].join(''));
    inside(
      stack,
      `printf '\\033[31mWelcome\\033[0m\\nHost key verification failed.\\n' >/etc/banner
      echo 'Banner /etc/banner' >/etc/ssh/sshd_config.d/banner.conf; systemctl restart ssh`,
    );
  });

  afterAll(async () => {
    await downReal(NAME);
    await place.remove();
    rmSync(place.dir, { recursive: true, force: true });
  });

  const quiet = (['ash', 'bash', 'reads', 'trapped', 'asks', 'zsh', 'other'] as const).filter((user) =>
    existsSync(ACCOUNTS[user][0]),
  );

  it.each(quiet)('%s, whose profile is loud, installs, looks and restores', (user) => {
    const put = on(user, 'watch', '--once', 'hello');
    expect([put.status, put.stdout]).toEqual([0, expect.stringContaining('✓ demo/hello')]);
    expect(inside(stack, 'stat -c %a /etc/asterisk/extensions_extra.d/demo-hello.conf')).toBe('644\n');
    const looked = on(user, 'status');
    expect([looked.status, looked.stdout]).toEqual([
      0,
      expect.stringContaining('✓ context xivo-extrafeatures'),
    ]);
    expect(on(user, 'why', 'hello')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('✓ loaded') as string,
    });
    expect(on(user, 'logs', 'asterisk', '--lines', '3')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('asterisk |') as string,
    });
    expect(on(user, 'test', 'hello')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^✓ demo\/hello {2}\d passed/) as string,
    });
    // there is no wazo-plugind
    expect(on(user, 'deploy', '--remove', '--yes', 'hello')).toMatchObject({
      status: expect.toSatisfy((status: number) => status === 1 || status === 3) as number,
      stderr: expect.stringMatching(/python3|there is no key|wazo-plugind does not answer/) as string,
    });
    expect(on(user, 'restore').status).toBe(0);
    expect(inside(stack, 'ls -d /var/lib/wdev /etc/asterisk/extensions_extra.d/demo* 2>/dev/null || :')).toBe(
      '',
    );
  });

  it('who has to give sudo a password, is told what to do', () => {
    everyCommandSays('asked', 'asked ALL=(ALL:ALL) NOPASSWD: ALL');
  });

  it('whose profile starts another shell before sudo, is told, and not that nothing is installed', () => {
    expect(on('root', 'watch', '--once', 'hello').status).toBe(0);
    everyCommandSays('turned', 'no profile there that starts another shell');
    expect(on('root', 'restore').status).toBe(0);
  });

  it('whose profile ends the shell, is told to look there', () => {
    everyCommandSays('ends', 'A profile of the login shell there');
  });

  it('whose profile sleeps for ever, is told so, and nothing hangs', () => {
    const began = performance.now();
    const { status, stderr } = on('sleeps', 'status');
    expect([status, stderr]).toEqual([3, expect.stringContaining('A profile of the login shell there')]);
    // half of what it sleeps
    expect(performance.now() - began).toBeLessThan(300_000);
  });

  it('of a host whose key is another one, is told to ask first, and nothing is accepted', () => {
    const known = readFileSync(stack.knownHosts, 'utf8');
    inside(
      stack,
      `set -e; mv ${KEY} ${KEY}.known; ssh-keygen -q -t ed25519 -N '' -f ${KEY}; systemctl restart ssh`,
    );
    try {
      everyCommandSays('root', `It shows another key than the known one (${stack.knownHosts}:1)`);
      expect(readFileSync(stack.knownHosts, 'utf8')).toBe(known);
    } finally {
      inside(stack, `mv ${KEY}.known ${KEY}; systemctl restart ssh`);
    }
    expect(on('root', 'status').status).toBe(0);
  });
});

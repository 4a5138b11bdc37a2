import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTarget } from '../../src/targets/open.ts';
import { tempFolder } from '../support/temp.ts';

/** Login shells by the words that run one with a command, as sshd does. */
const SHELLS: readonly (readonly [string, string])[] = [
  ['bash', '/usr/bin/bash -c'],
  ['busybox', '/usr/bin/busybox ash -c'],
  ['zsh', '/usr/bin/zsh -c'],
  ['csh', '/usr/bin/csh -c'],
  ['fish', '/usr/bin/fish -c'],
];

const NOISE = 'Welcome!\r\n\n\u001b[31mred\u001b[0m\n0 0 \nready\nno newline at the end $ ';

const usual = process.env['PATH'];
let folder = '';

/** An `ssh` that is on the far end at once: as root, in the person's login shell, with a profile that talks. */
function writeSsh(shell: string): void {
  const profile = 'echo noise; echo noise >&2; printf "prompt> "\nalias ls="ls --color"\ncd /\n';
  for (const name of ['.zshenv', 'profile', '.profile', '.bashrc'])
    writeFileSync(path.join(folder, name), profile);
  writeFileSync(path.join(folder, 'noise'), NOISE);
  const lines = [
    '#!/bin/sh',
    'for last; do :; done',
    `cd ${folder}`,
    'cat noise; cat noise >&2',
    // by it bash tells a shell that sshd starts, which reads .bashrc, from one that reads BASH_ENV
    'unset SHLVL',
    `export ZDOTDIR=${folder} ENV=${folder}/profile BASH_ENV=${folder}/profile HOME=${folder}`,
    `exec ${shell} "$last"`,
  ];
  // who is not root asks for it, and gets it
  writeFileSync(path.join(folder, 'sudo'), '#!/bin/sh\nshift\nexec "$@"\n', { mode: 0o755 });
  writeFileSync(path.join(folder, 'ssh'), `${lines.join('\n')}\n`, { mode: 0o755 });
}

describe('behind a login shell with a noisy profile', () => {
  beforeEach(() => {
    folder = tempFolder();
    process.env['PATH'] = `${folder}:${usual}`;
  });
  afterEach(() => {
    process.env['PATH'] = usual;
  });

  it.each(SHELLS.filter(([, words]) => existsSync(words.split(' ')[0] ?? '')))(
    'a target answers what it was asked: %s',
    async (_name, shell) => {
      writeSsh(shell);
      const target = await openTarget('ssh://somebody');
      try {
        const said = await target.run("printf 'a\\n\\0b'; cat; exit 3", { input: Buffer.from('input') });
        expect([said.status, said.stdout.toString('latin1')]).toEqual([3, 'a\n\0binput']);
        const { stdout, stderr } = await target.run('echo two; echo three >&2');
        expect([stdout.toString(), stderr.toString()]).toEqual(['two\n', 'three\n']);
      } finally {
        await target.close();
      }
    },
  );

  // as somebody else than root such a shell is refused
  it.skipIf(!existsSync('/usr/bin/zsh') || process.getuid?.() !== 0)(
    'a profile that turns the shell into another is none of its business',
    async () => {
      writeSsh('/usr/bin/zsh -c');
      const profile = 'echo noise\n[ -n "$TURNED" ] || TURNED=1 exec bash\n';
      writeFileSync(path.join(folder, '.zshenv'), profile);
      const target = await openTarget('ssh://somebody');
      const { status, stdout } = await target.run('cat; exit 3', { input: Buffer.from('input') });
      expect([status, stdout.toString()]).toEqual([3, 'input']);
      await target.close();
    },
  );

  it('a greeting of a megabyte is passed over', async () => {
    writeSsh('/bin/sh -c');
    writeFileSync(path.join(folder, 'noise'), 'x'.repeat(2 ** 20));
    const target = await openTarget('ssh://somebody');
    expect((await target.run('echo here')).stdout.toString()).toBe('here\n');
    await target.close();
  });

  it('a greeting without end is no sign of life', async () => {
    writeSsh('/bin/sh -c');
    const file = path.join(folder, 'ssh');
    writeFileSync(file, readFileSync(file, 'utf8').replace('cat noise; cat noise >&2', 'yes spam'));
    await expect(openTarget('ssh://somebody')).rejects.toMatchObject({
      exit: 3,
      message: expect.stringContaining('cannot connect (gave no answer for 20 s)') as string,
      help: expect.stringContaining('A profile of the login shell there') as string,
    });
  });

  it.each([
    ['reads some lines', 'read -r one; read -r two', undefined],
    [
      'reads more than comes before the program',
      'head -c 100 >/dev/null',
      'A profile of the login shell there',
    ],
    ['ends', 'exit 0', 'A profile of the login shell there'],
    ['has aliases for what is run', 'alias sh=false exec=false sudo=false', undefined],
  ])('a profile that %s', async (_what, profile, help) => {
    writeSsh('/bin/bash -O expand_aliases -c');
    writeFileSync(path.join(folder, '.bashrc'), `${profile}\n`);
    const opened = openTarget('ssh://somebody');
    if (help !== undefined)
      return await expect(opened).rejects.toMatchObject({
        exit: 3,
        help: expect.stringContaining(help) as string,
      });
    const target = await opened;
    expect((await target.run('echo here; exit 3')).status).toBe(3);
    await target.close();
  });

  it('a banner with the words of ssh about keys is no answer of ssh', async () => {
    const script = '#!/bin/sh\necho "Host key verification failed." >&2\nexit 1\n';
    writeFileSync(path.join(folder, 'ssh'), script, { mode: 0o755 });
    await expect(openTarget('ssh://somebody')).rejects.toMatchObject({
      help: expect.not.stringContaining('key') as string,
    });
  });

  it.each([
    ['Offending RSA key in /home/me/.ssh/known_hosts:7\n', 'known one (/home/me/.ssh/known_hosts:7)'],
    ['', 'ssh does not know its key yet'],
  ])('a host key that is not the known one is told: %s', async (before, told) => {
    const script = `#!/bin/sh\necho '${before}Host key verification failed.' >&2\nexit 255\n`;
    writeFileSync(path.join(folder, 'ssh'), script, { mode: 0o755 });
    await expect(openTarget('ssh://somebody')).rejects.toMatchObject({
      exit: 3,
      help: expect.stringContaining(told) as string,
    });
  });
});

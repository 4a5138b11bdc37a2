import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applying, tellOn } from '../../src/cli/loop-printer.ts';
import { COMMANDS } from '../../src/commands/registry.ts';
import { doing, hearDoing } from '../../src/support/doing.ts';
import { run } from '../../src/support/run.ts';
import { startSession } from '../support/session.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

/** Commands that wait for a person or another program, or only print what they have. */
const AT_ONCE = ['tour', 'guide', 'lsp', 'editors', 'completion', 'complete'];

it('every command has a sentence for the time that it takes', () => {
  const silent = COMMANDS.filter((command) => command.doing === undefined).map(({ name }) => name);
  expect(silent).toEqual(AT_ONCE);
});

it('a batch is told in a line that fits, however many files it has', () => {
  const part = { plugin: 'a/p', files: 44, actions: ['wazo/rules install', 'restart wazo-calld'] };
  const other = { plugin: 'a/q', files: 1, actions: ['restart wazo-calld'] };
  expect(applying([part, other])).toBe('applying 45 files, wazo/rules install, restart wazo-calld');
  expect(applying([other])).toBe('applying 1 file, restart wazo-calld');
  expect(applying([{ ...other, files: 0, actions: [] }])).toBe('verifying');
});

it('a verified batch is told as one that is watched, with seconds of its own', () => {
  const told: { readonly text: string; readonly since: number }[] = [];
  hearDoing((now) => told.push(now));
  tellOn({ event: 'plan', id: 1, actions: [], because: [], skipped: [], parts: [] });
  const applied = told.at(-1);
  expect(applied).toMatchObject({ text: 'verifying' });
  const evidence = { verified: 0, placed: 0 };
  tellOn({ event: 'verified', id: 1, plugin: 'a/p', ms: 1, loaded: [], evidence });
  expect(told.at(-1)).toMatchObject({ text: 'checking that restarted services stay up' });
  expect(told.at(-1)?.since).toBeGreaterThan(applied?.since ?? Infinity);
  doing('');
  hearDoing(() => undefined);
});

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
  const made = await wdev(['new', 'stack', 'p', '--namespace', 'a', '--part', 'dialplan', '--yes'], {
    cwd: folder,
  });
  expect(made.stderr).toBe('');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of programs before the others: git, which waits until the file `go` is there. */
function slowGit(): { readonly bin: string; readonly go: () => void } {
  const bin = tempFolder();
  const git = path.join(bin, 'git');
  writeFileSync(
    git,
    `#!/bin/sh\nwhile [ ! -e '${bin}/go' ]; do sleep 0.1; done\nPATH=\${PATH#*:}\nexec git "$@"\n`,
  );
  chmodSync(git, 0o755);
  return { bin, go: () => writeFileSync(path.join(bin, 'go'), '') };
}

const env = (bin: string): Record<string, string> => ({
  ...GIT_IDENTITY,
  NO_COLOR: '1',
  WDEV_PROGRESS: '',
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
});

/** Commands that ask git, and what they say while they wait for it. */
const SLOW: readonly (readonly [words: string, says: string])[] = [
  ['check p', 'reading the plugins'],
  ['build p', 'staging'],
  ['install p', 'staging a/p'],
  ['market build https://127.0.0.1:1/none.git --out m', 'reading https://127.0.0.1:1/none.git'],
  ['new --template git+https://127.0.0.1:1/none.git x --yes', 'fetching https://127.0.0.1:1/none.git'],
];

describe('what takes more than a second', () => {
  it.each(SLOW)('wdev %s says what it does, in a line of a pipe', async (words, says) => {
    const { bin, go } = slowGit();
    const child = spawn(process.execPath, [BIN, ...words.split(' ')], {
      cwd: folder,
      env: { ...process.env, ...env(bin) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (stderr.includes(`wdev: ${says}`)) go();
    });
    await once(child, 'close');
    expect(stderr).toContain(`wdev: ${says}`);
    expect(stderr).not.toContain('\r');
  });

  it('is one line that changes, on a terminal, and goes before the answer', async () => {
    const { bin, go } = slowGit();
    const session = startSession([process.execPath, BIN, 'check', 'p'], { cwd: folder, env: env(bin) });
    await session.says('\rwdev: reading the plugins');
    await session.says(/\(\d+ s\)/);
    go();
    await session.says('1 plugin checked');
    expect(await session.ended).toBe(0);
    expect(session.shown()).toMatch(/\r\u001b\[K1 plugin checked/);
  });

  it('is nothing in JSON but its answer', async () => {
    const { bin, go } = slowGit();
    setTimeout(go, 2500);
    const { stdout, stderr } = await run([process.execPath, BIN, 'check', 'p', '--json'], {
      cwd: folder,
      env: env(bin),
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
  });
});

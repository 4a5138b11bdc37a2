import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readLedger } from '../../src/edits/ledger.ts';
import { run } from '../../src/support/run.ts';
import { treeHash, treeOf, writeGenerations } from '../support/generations.ts';
import { commitAll } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, GIT_IDENTITY, wdev } from '../support/wdev.ts';

let first: string;
let second: string;
let third: string;
let dir: string;

let base: string;
let count = 0;

beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), 'wdev-update-'));
  process.env['XDG_CACHE_HOME'] = path.join(base, 'cache');
  [first, second, third] = writeGenerations(path.join(base, 'templates'));
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(async () => {
  count += 1;
  dir = path.join(base, String(count), 'demo');
  const made = await wdev(['new', dir, '--template', first, '--yes', '--no-git']);
  expect(made.stderr).toBe('');
});

const file = (name: string): string => path.join(dir, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');

function edit(name: string, from: string, to: string): void {
  expect(read(name)).toContain(from);
  writeFileSync(file(name), read(name).replace(from, to));
}

async function updateTo(template: string, ...flags: string[]): Promise<Awaited<ReturnType<typeof wdev>>> {
  return await wdev(['update', dir, '--template', template, ...flags]);
}

describe('three generations of a template, with edits in between', () => {
  it('update, update, undo, undo: each tree as stated', async () => {
    edit('notes.txt', 'four', 'FOUR, by me');
    edit('bin/start', 'echo', 'echo started\necho');
    rmSync(file('leaving.txt'));
    const one = treeHash(dir);
    const toSecond = await updateTo(second);
    expect([toSecond.status, toSecond.stderr]).toEqual([0, '']);
    expect(toSecond.stdout).toContain('Note: bin/start is bin/run now.');
    const two = treeHash(dir);
    expect(treeOf(dir)).toMatchObject({
      'notes.txt': '644 one\nTWO\nthree\nFOUR, by me\nfive\nsix\nseven\n',
      'etc/wazo-calld/conf.d/50.yml':
        '644 enabled_plugins:\n  demo_demo: true\n\ndemo_demo:\n  greeting: Hello\n',
      'bin/run': '755 #!/bin/sh\necho started\necho demo-demo\necho more\n',
      'arriving.txt': '644 DemoDemo\n',
    });
    expect(existsSync(file('bin/start'))).toBe(false);
    expect(existsSync(file('leaving.txt'))).toBe(false);

    edit('etc/wazo-calld/conf.d/50.yml', 'greeting: Hello', 'greeting: Salut # in French');
    chmodSync(file('bin/run'), 0o644);
    const edited = treeHash(dir);
    expect((await updateTo(third)).status).toBe(0);
    expect(treeOf(dir)).toMatchObject({
      'notes.txt': '644 one\nTWO\nthree\nFOUR, by me\nfive\nsix\nSEVEN\n',
      'etc/wazo-calld/conf.d/50.yml':
        '644 enabled_plugins:\n  demo_demo: true\n\ndemo_demo:\n  greeting: Salut # in French\n  timeout: 5\n',
      'bin/run': '644 #!/bin/sh\necho started\necho demo-demo\necho more\n',
      'arriving.txt': '644 DemoDemo\nonce more\n',
    });
    const three = treeHash(dir);
    const again = await updateTo(third);
    expect(again.stdout).toContain('nothing to change');
    expect(treeHash(dir)).toBe(three);

    expect((await wdev(['undo', '--list', dir])).stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}update \(4 files\)\n.*update \(\d files\)\n.*new \(\d files\)\n$/,
    );
    expect((await wdev(['undo', dir])).stdout).toBe('Rolled back wdev update (4 files)\n');
    expect(treeHash(dir)).toBe(edited);
    edit('etc/wazo-calld/conf.d/50.yml', 'greeting: Salut # in French', 'greeting: Hello');
    chmodSync(file('bin/run'), 0o755);
    expect(treeHash(dir)).toBe(two);
    expect((await wdev(['undo', dir])).status).toBe(0);
    expect(treeHash(dir)).toBe(one);
  });

  it('leaves a conflict between markers, lists it, exits with 1, and refuses to go on until it is resolved', async () => {
    edit('notes.txt', 'two', '2');
    const refused = await updateTo(second);
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('notes.txt:2: both changed the same lines, at 1 place');
    expect(read('notes.txt')).toContain(
      'one\n<<<<<<< yours\n2\n||||||| ../../templates/1 1\ntwo\n=======\nTWO\n>>>>>>> ../../templates/2 2\nthree\n',
    );
    const blocked = await updateTo(third);
    expect(blocked.status).toBe(1);
    expect(blocked.stderr).toContain('a conflict is not resolved yet: notes.txt:2');
  });

  it('--dry-run shows the difference and writes nothing; --json tells it as data', async () => {
    edit('notes.txt', 'two', '2');
    const before = treeHash(dir);
    const shown = await updateTo(second, '--dry-run');
    expect(shown.status).toBe(1);
    expect(shown.stdout).toContain('+  greeting: Hello');
    expect(treeHash(dir)).toBe(before);
    const data = JSON.parse((await updateTo(second, '--json')).stdout) as Record<string, unknown>;
    expect(data).toMatchObject({
      from: { template: '../../templates/1', version: 1 },
      to: { template: '../../templates/2', version: 2 },
      conflicts: [{ path: 'notes.txt', markers: true, lines: [2] }],
    });
    expect(data['files']).toContainEqual({ path: 'arriving.txt', change: 'added' });
  });

  it('says which default a new question took, and takes another answer by --set', async () => {
    const asking = path.join(path.dirname(dir), 'asking');
    cpSync(second, asking, { recursive: true });
    const manifest = path.join(asking, 'template.yml');
    const added =
      'questions:\n  - {name: colour, type: input, message: Its colour, default: red, sample: TWO}\n';
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('questions:\n', added));
    const tried = await updateTo(asking, '--dry-run', '--json');
    expect(JSON.parse(tried.stdout)).toMatchObject({
      answered: [{ name: 'colour', question: 'Its colour', answer: 'red' }],
    });
    const updated = await updateTo(asking);
    const note =
      'Note: new question "Its colour" took its default, red; another: wdev update --set colour=….';
    expect(updated.stdout).toContain(note);
    expect(read('notes.txt')).toContain('one\nred\nthree');
    const again = await updateTo(asking, '--set', 'colour=blue');
    expect([again.status, again.stdout]).toEqual([0, expect.not.stringContaining('new question')]);
    expect(read('notes.txt')).toContain('one\nblue\nthree');
    expect((await updateTo(asking)).stdout).toContain('nothing to change');
    expect((await updateTo(asking, '--set', 'shape=round')).stderr).toContain(
      'unknown answer "shape" for template',
    );
  });

  it('refuses a work tree with changes that git has not got, without --force', async () => {
    await commitAll(dir);
    writeFileSync(file('notes.txt'), 'changed\n');
    const before = treeHash(dir);
    const refused = await updateTo(second);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('uncommitted changes in');
    expect(refused.stderr).toContain('notes.txt');
    expect(treeHash(dir)).toBe(before);
    await run(['git', 'checkout', '-q', 'notes.txt'], { cwd: dir, env: GIT_IDENTITY });
    expect((await updateTo(second)).status).toBe(0);
    expect((await updateTo(third, '--force')).status).toBe(0);
  });

  it('says when the old version of the template is not there, and takes it from --base', async () => {
    const content = JSON.parse(read('.yo-rc.json')) as Record<string, Record<string, unknown>>;
    const pin = {
      ...(content['generator-wazo-plugin']?.['pin'] as object),
      hash: `sha256-${'u'.repeat(43)}`,
    };
    const record = { ...content['generator-wazo-plugin'], template: second, pin };
    writeFileSync(
      file('.yo-rc.json'),
      `${JSON.stringify({ 'generator-wazo-plugin': record }, undefined, 2)}\n`,
    );
    const refused = await wdev(['update', dir]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('--base FOLDER');
    expect((await wdev(['update', dir, '--base', first])).status).toBe(0);
    expect(read('arriving.txt')).toBe('DemoDemo\n');
  });

  it('knows the version of a template that was changed in its place since', async () => {
    const place = path.join(base, 'in-place');
    cpSync(first, place, { recursive: true });
    const other = path.join(path.dirname(dir), 'other');
    await wdev(['new', other, '--template', place, '--yes', '--no-git']);
    writeFileSync(path.join(other, 'notes.txt'), 'mine\n');
    rmSync(place, { recursive: true });
    cpSync(second, place, { recursive: true });
    const updated = await wdev(['update', other, '--json']);
    expect(JSON.parse(updated.stdout)).toMatchObject({
      from: { version: 1 },
      to: { version: 2 },
      conflicts: [{ path: 'notes.txt' }],
    });
    expect(readFileSync(path.join(other, 'arriving.txt'), 'utf8')).toBe('DemoOther\n');
  });

  it('does not write through a folder that is a link', async () => {
    const outside = tempFolder();
    rmSync(file('etc'), { recursive: true });
    symlinkSync(outside, file('etc'));
    await wdev(['update', dir, '--template', second]);
    expect(treeOf(outside)).toEqual({});
  });
});

/** Plays a command in a copy of the plugin, with a signal before the Nth change of the disk. */
async function stoppedAt(
  at: number,
  signal: string,
  command: readonly string[],
): Promise<{ status: number; copy: string }> {
  const copy = path.join(path.dirname(dir), `${signal}-${at}`);
  cpSync(dir, copy, { recursive: true });
  const preload = path.resolve(import.meta.dirname, '../support/kill-at.mjs');
  const below = `${copy}:${process.env['XDG_STATE_HOME']}`;
  const { status } = await run([process.execPath, '--import', preload, BIN, ...command], {
    cwd: copy,
    env: { ...GIT_IDENTITY, WDEV_KILL_AT: String(at), WDEV_KILL_SIGNAL: signal, WDEV_KILL_BELOW: below },
  });
  return { status, copy };
}

/** Every `stride`th step until the command had fewer steps and was not stopped. */
async function stoppedEverywhere(
  signal: string,
  stride: number,
  command: readonly string[],
  look: (status: number, copy: string) => Promise<void>,
): Promise<number> {
  for (let at = 2; ; at += stride) {
    const { status, copy } = await stoppedAt(at, signal, command);
    if (status === 0) return at;
    await look(status, copy);
  }
}

describe('a command that is stopped', () => {
  it('by Ctrl-C: the tree is as it was, or the edit is recorded', async () => {
    const before = treeHash(dir);
    const steps = await stoppedEverywhere(
      'SIGINT',
      5,
      ['update', '--template', second],
      async (status, copy) => {
        // before the edit begins, the signal simply ends the program
        expect([1, 130]).toContain(status);
        // and after it, while the lock is removed
        if (readLedger(copy).records.length === 0) expect(treeHash(copy)).toBe(before);
        expect(existsSync(path.join(copy, '.wdev'))).toBe(false);
      },
    );
    expect(steps).toBeGreaterThan(12);
  });
});

describe('wdev undo of new', () => {
  it('removes the folder, with its repository, when nothing was added', async () => {
    const made = path.join(path.dirname(dir), 'made');
    await wdev(['new', 'stack', made, '--namespace', 'demo', '--yes']);
    expect(existsSync(path.join(made, '.git'))).toBe(true);
    const undone = await wdev(['undo', made]);
    expect(undone.stdout).toMatch(/^Rolled back wdev new \(\d+ files\); removed the folder\n$/);
    expect(existsSync(made)).toBe(false);
  });

  it('names what was added, changed or committed since, and leaves everything', async () => {
    const made = path.join(path.dirname(dir), 'made');
    await wdev(['new', 'stack', made, '--namespace', 'demo', '--yes']);
    writeFileSync(path.join(made, 'mine.txt'), 'mine');
    appendFileSync(path.join(made, 'README.md'), 'mine');
    rmSync(path.join(made, 'LICENSE'));
    const refused = await wdev(['undo', made]);
    expect(refused.status).toBe(1);
    for (const line of ['mine.txt: was added', 'README.md: was edited', 'LICENSE: was removed'])
      expect(refused.stderr).toContain(line);
    expect(existsSync(path.join(made, 'wazo/rules'))).toBe(true);
    for (const step of [
      ['add', '-A'],
      ['commit', '-qm', 'Mine'],
    ])
      await run(['git', ...step], { cwd: made, env: GIT_IDENTITY });
    expect((await wdev(['undo', made])).stderr).toContain('.git: holds more than the first commit');
  });

  it('in a folder that held something undoes only what was written', async () => {
    const made = tempFolder();
    writeFileSync(path.join(made, 'README.md'), 'before\n');
    writeFileSync(path.join(made, 'other'), 'other\n');
    const before = treeHash(made);
    await wdev(['new', 'stack', made, '--name', 'x', '--namespace', 'demo', '--yes', '--force', '--no-git']);
    expect(treeHash(made)).not.toBe(before);
    expect((await wdev(['undo', made])).status).toBe(0);
    expect(treeHash(made)).toBe(before);
  });
});

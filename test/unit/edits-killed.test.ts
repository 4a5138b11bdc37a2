import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLedger } from '../../src/edits/ledger.ts';
import { packageRoot, stateFolder } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { treeOf } from '../support/generations.ts';
import { countPoints, endItsShells, killedAt, spread, type KilledCommand } from '../support/killed.ts';
import { LEGACY_PLUGIN } from '../support/legacy-plugin.ts';
import { figure, isLong } from '../support/promises.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { tempFolder } from '../support/temp.ts';
import { wdev } from '../support/wdev.ts';

const RUN_GENERATOR = path.resolve(import.meta.dirname, '../support/run-generator.mjs');
const STACK_GENERATOR = path.join(packageRoot(), 'dist/generators/stack/index.js');
const NEW = ['new', 'stack', 'hi', '--namespace', 'demo', '--part', 'dialplan', '--yes'] as const;

async function makeStack(base: string): Promise<void> {
  await wdev([...NEW, '--no-git'], { cwd: base });
  // something to fix
  chmodSync(path.join(base, 'hi/wazo/rules'), 0o640);
}

async function makeLegacy(base: string): Promise<void> {
  mkdirSync(path.join(base, 'hi'));
  writeFiles(path.join(base, 'hi'), LEGACY_PLUGIN);
}

/** Commands that write into a plugin, and how that is made. */
const EDITS: readonly (readonly [readonly string[], (base: string) => Promise<void>])[] = [
  [['add', 'calld', '--yes'], makeStack],
  [['update', '--set', 'description=Another'], makeStack],
  [['check', '--fix', '.'], makeStack],
  [['migrate', '--yes'], makeLegacy],
];

/** The command in a folder that a copy is made of for each kill. */
function inFolder(words: readonly string[], cwd: string, watched: string): KilledCommand {
  return { words, below: [watched, stateFolder()], spawns: true, cwd };
}

describe('killed at any point', { timeout: 1_800_000 }, () => {
  it.each(EDITS)('wdev %s: before, after, or refused until wdev undo gave it back', async (words, make) => {
    const base = tempFolder();
    await make(base);
    const copy = (name: string): string => {
      const dir = path.join(base, name);
      cpSync(path.join(base, 'hi'), dir, { recursive: true });
      return dir;
    };
    const done = copy('done');
    const points = await countPoints(inFolder(words, done, done));
    const [before, after] = [treeOf(path.join(base, 'hi')), treeOf(done)];
    expect(after).not.toEqual(before);
    let refused = 0;
    for (const at of spread(points, 3)) {
      const dir = copy(`killed-${at}`);
      await killedAt(inFolder(words, dir, dir), at);
      const what = `killed at ${at} of ${points}`;
      if (readLedger(dir).pending === undefined) {
        const left = JSON.stringify(treeOf(dir));
        expect([JSON.stringify(before), JSON.stringify(after)], what).toContain(left);
        continue;
      }
      refused += 1;
      const told = await wdev([words[0] === 'migrate' ? 'migrate' : 'build', dir]);
      expect([told.status, told.stderr], what).toEqual([
        1,
        expect.stringContaining('Roll it back: wdev undo'),
      ]);
      expect((await wdev(['undo', dir])).stderr, what).toBe('');
      expect(treeOf(dir), what).toEqual(before);
    }
    expect(refused).toBeGreaterThan(0);
    if (isLong) figure(4, `wdev ${words[0]} killed: ${spread(points, 3).length} points, 0 half states`);
  });

  it('wdev new: nothing beside the plugin, and half of one is refused until wdev undo', async () => {
    const base = tempFolder();
    const done = path.join(base, 'done');
    mkdirSync(done);
    const points = await countPoints(inFolder(NEW, done, done));
    const after = without(treeOf(path.join(done, 'hi')), '.git/');
    let refused = 0;
    for (const at of spread(points, 5)) {
      const parent = path.join(base, `killed-${at}`);
      const dir = path.join(parent, 'hi');
      mkdirSync(parent);
      await killedAt(inFolder(NEW, parent, parent), at);
      const what = `killed at ${at} of ${points}`;
      expect(['', 'hi'], what).toContain(readdirSync(parent).join(' '));
      if (!existsSync(dir) || readdirSync(dir).length === 0) continue;
      if (readLedger(dir).pending === undefined) {
        expect(without(treeOf(dir), '.git/'), what).toEqual(after);
        expect((await run(['git', 'status', '--short'], { cwd: dir })).stdout, what).toBe('');
        continue;
      }
      refused += 1;
      const told = await wdev(['watch', '--once', dir]);
      expect([told.status, told.stderr], what).toEqual([
        1,
        expect.stringContaining('Roll it back: wdev undo'),
      ]);
      expect((await wdev(['undo', dir])).stdout, what).toContain('removed the folder');
      expect(readdirSync(parent), what).toEqual([]);
    }
    expect(refused).toBeGreaterThan(1);
    if (isLong) figure(4, `wdev new killed: ${spread(points, 5).length} points, 0 half states`);
  });

  it('yo wazo-plugin: half of a plugin is refused until wdev undo', async () => {
    const base = tempFolder();
    const done = path.join(base, 'done');
    mkdirSync(done);
    const words = [STACK_GENERATOR, 'name=hi', 'plugin-namespace=demo', 'kind=stack'];
    const yo = (cwd: string): KilledCommand => ({ ...inFolder(words, cwd, cwd), program: RUN_GENERATOR });
    const points = await countPoints(yo(done));
    const after = without(treeOf(path.join(done, 'hi')), '.git/');
    let refused = 0;
    for (const at of spread(points, 5)) {
      const parent = path.join(base, `killed-${at}`);
      const dir = path.join(parent, 'hi');
      mkdirSync(parent);
      await killedAt(yo(parent), at);
      const what = `killed at ${at} of ${points}`;
      if (!existsSync(dir) || readdirSync(dir).length === 0) continue;
      if (readLedger(dir).pending === undefined) {
        expect(without(treeOf(dir), '.git/'), what).toEqual(after);
        continue;
      }
      refused += 1;
      const told = await wdev(['build', dir]);
      expect([told.status, told.stderr], what).toEqual([
        1,
        expect.stringContaining('Roll it back: wdev undo'),
      ]);
      expect((await wdev(['undo', dir])).stdout, what).toContain('removed the folder');
      expect(readdirSync(parent), what).toEqual([]);
    }
    expect(refused).toBeGreaterThan(1);
    if (isLong) figure(4, `yo wazo-plugin killed: ${spread(points, 5).length} points, 0 half states`);
  });

  it('wdev restore: the next one gives the target back', async () => {
    const base = tempFolder();
    await makeStack(base);
    chmodSync(path.join(base, 'hi/wazo/rules'), 0o755);
    const root = path.join(base, '.wdev/stack/root');
    const inBase = { cwd: base };
    await wdev(['stack', 'up', '--kind', 'embedded'], inBase);
    const before = treeOf(path.join(root, 'etc'));
    const restore: KilledCommand = { ...inFolder(['restore'], base, base), pipes: true };
    try {
      const install = async (): Promise<void> => {
        const { status, stdout, stderr } = await wdev(['install', 'hi'], inBase);
        expect([status, stderr], stdout).toEqual([0, '']);
      };
      await install();
      expect(treeOf(path.join(root, 'etc'))).not.toEqual(before);
      const points = await countPoints(restore);
      const tried = isLong ? spread(points, 30) : [Math.ceil(points / 2)];
      let killed = 0;
      for (const [index, at] of tried.entries()) {
        await install();
        if ((await killedAt(restore, at)).status !== 0) killed += 1;
        // what the target was told goes on to its end there, or is cut off with the connection
        if (index % 2 === 1) await endItsShells();
        const what = `killed at ${at} of ${points}`;
        expect((await wdev(['restore'], inBase)).status, what).toBe(0);
        expect(treeOf(path.join(root, 'etc')), what).toEqual(before);
      }
      // the target may answer in fewer pieces than it did when they were counted
      expect(killed).toBeGreaterThan(tried.length / 2);
      if (isLong) figure(4, `wdev restore killed: ${killed} points, 0 half states`);
    } finally {
      await wdev(['stack', 'down', '--kind', 'embedded'], inBase);
    }
  });
});

function without(tree: ReturnType<typeof treeOf>, start: string): ReturnType<typeof treeOf> {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !name.startsWith(start)));
}

describe('a record', () => {
  /** A plugin of one recorded edit, and the file of its record. */
  async function recorded(): Promise<{ readonly dir: string; readonly file: string }> {
    const base = tempFolder();
    await makeStack(base);
    const dir = path.join(base, 'hi');
    await wdev(['check', '--fix', '.'], { cwd: dir });
    const edits = path.join(stateFolder(), 'edits');
    const file = readdirSync(edits).find((name) =>
      readFileSync(path.join(edits, name), 'utf8').includes(dir),
    );
    return { dir, file: path.join(edits, file ?? '') };
  }

  it('that is damaged is told by every command, and nothing is guessed', async () => {
    const { dir, file } = await recorded();
    const text = readFileSync(file, 'utf8');
    const damaged = [
      text.slice(0, -100),
      '',
      text.replace('"mode":416', '"mode":511'),
      text.replace('"version":2', '"version":9'),
    ];
    for (const [at, words] of [['undo'], ['check'], ['update', '--dry-run'], ['undo']].entries()) {
      expect(damaged[at]).not.toBe(text);
      writeFileSync(file, damaged[at] ?? '');
      const told = await wdev(words, { cwd: dir });
      expect([told.status, told.stderr], words[0]).toEqual([
        1,
        expect.stringContaining(`the record ${file}`),
      ]);
    }
  });

  it('of another machine, or of a folder that was replaced, says nothing of this one', async () => {
    const { dir, file } = await recorded();
    const text = readFileSync(file, 'utf8');
    const copy = `${dir}-copy`;
    cpSync(dir, copy, { recursive: true });
    writeFileSync(file, text.replace(/"machine":"\w*"/, '"machine":"another"'));
    for (const folder of [dir, copy])
      expect((await wdev(['undo', folder])).stderr).toContain('nothing to undo in');
  });
});

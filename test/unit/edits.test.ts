import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from '../support/fast-check.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editFiles } from '../../src/edits/edit-files.ts';
import { refuseHalfDone } from '../../src/edits/half-done.ts';
import { editsBetween, type FileState, type FileTree } from '../../src/edits/file-tree.ts';
import { readLedger } from '../../src/edits/ledger.ts';
import { undoLast } from '../../src/edits/undo.ts';
import { run } from '../../src/support/run.ts';
import { treeOf } from '../support/generations.ts';
import { bundled } from '../support/bundled.ts';

let base = '';
let dir = '';
const usual = process.env['XDG_STATE_HOME'] ?? '';

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
  dir = path.join(base, 'plugin');
  process.env['XDG_STATE_HOME'] = path.join(base, 'state');
});

afterEach(() => {
  process.env['XDG_STATE_HOME'] = usual;
  rmSync(base, { recursive: true, force: true });
});

const text = (content: string, mode = 0o644): FileState => ({ text: content, mode });

const FIRST: FileTree = new Map([
  ['same', text('same')],
  ['changes', text('one')],
  ['runs', text('#!/bin/sh\n', 0o640)],
  ['goes/with/folder', text('gone later')],
  ['bytes', { text: Buffer.from([0, 255]).toString('base64'), mode: 0o600, encoding: 'base64' }],
]);
const SECOND: FileTree = new Map([
  ['same', text('same')],
  ['changes', text('two')],
  ['runs', text('#!/bin/sh\n', 0o750)],
  ['new/in/folder', text('new')],
  ['bytes', text('now a text', 0o600)],
]);

const did = (): readonly string[] => readLedger(dir).records.map((record) => record.did);

/** Makes the plugin with two edits recorded, the second perhaps not yet. */
async function begin(edits: 1 | 2): Promise<void> {
  mkdirSync(dir);
  await editFiles(dir, editsBetween(new Map(), FIRST), 'first');
  chmodSync(path.join(dir, 'goes/with'), 0o750);
  if (edits === 2) await editFiles(dir, editsBetween(FIRST, SECOND), 'second');
}

describe('edits', () => {
  it('leave nothing but the files, and are rolled back one by one, with modes and folders', async () => {
    await begin(1);
    const one = treeOf(dir);
    await editFiles(dir, editsBetween(FIRST, SECOND), 'second');
    expect(Object.keys(treeOf(dir)).filter((name) => !name.endsWith('/'))).toEqual([...SECOND.keys()].sort());
    expect((await run(['ls', '-A', dir])).stdout).not.toContain('.wdev');
    expect((await undoLast(dir)).record.did).toBe('second');
    expect(treeOf(dir)).toEqual(one);
    expect((await run(['stat', '-c', '%a', path.join(dir, 'goes/with')])).stdout).toBe('750\n');
    expect((await undoLast(dir)).record.did).toBe('first');
    expect(treeOf(dir)).toEqual({});
    await expect(undoLast(dir)).rejects.toThrow('nothing to undo in');
  });

  it('are known after the folder was moved, and not in another folder at its old place', async () => {
    await begin(2);
    const moved = path.join(base, 'moved');
    renameSync(dir, moved);
    mkdirSync(dir);
    await expect(undoLast(dir)).rejects.toThrow('nothing to undo in');
    expect((await undoLast(moved)).record.did).toBe('second');
  });

  it('are refused where they would lead out of the folder', async () => {
    await begin(1);
    const outside = path.join(base, 'outside');
    mkdirSync(outside);
    await expect(editFiles(dir, [{ path: '../outside/x', after: text('x') }], 'x')).rejects.toThrow(
      'outside',
    );
    symlinkSync(outside, path.join(dir, 'link'));
    await expect(editFiles(dir, [{ path: 'link/x', after: text('x') }], 'x')).rejects.toThrow('symlink');
    symlinkSync(outside, path.join(dir, '.wdev'));
    await expect(editFiles(dir, [{ path: 'x', after: text('x') }], 'x')).rejects.toThrow('symlink');
    expect(treeOf(outside)).toEqual({});
    expect(did()).toEqual(['first']);
  });

  it('in random order, with undos in between: each earlier state comes back byte for byte', async () => {
    const names = ['a', 'b/c', 'b/d/e', 'f/g', 'h/i/j/k'] as const;
    const state = fc.oneof(
      fc.constant(undefined),
      fc.record({
        text: fc.string({ maxLength: 8 }),
        mode: fc.constantFrom(0o644, 0o755, 0o600, 0o640, 0o444),
      }),
    );
    const tree = fc.tuple(...names.map(() => state));
    let number = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant('undo' as const), tree), { maxLength: 12 }),
        async (steps) => {
          number += 1;
          dir = path.join(base, `random-${number}`);
          mkdirSync(dir);
          const stack: { readonly tree: FileTree; readonly disk: ReturnType<typeof treeOf> }[] = [
            { tree: new Map(), disk: {} },
          ];
          for (const step of [...steps, ...steps.map(() => 'undo' as const)]) {
            const now = stack.at(-1)?.tree ?? new Map<string, FileState>();
            if (step === 'undo') {
              if (stack.length === 1) continue;
              stack.pop();
              await undoLast(dir);
            } else {
              const next = new Map(
                names.flatMap((name, at): [string, FileState][] => {
                  const file = step[at];
                  return file === undefined ? [] : [[name, file]];
                }),
              );
              const edits = editsBetween(now, next);
              if (edits.length === 0) continue;
              await editFiles(dir, edits, 'random');
              stack.push({ tree: next, disk: treeOf(dir) });
            }
            expect(treeOf(dir)).toEqual(stack.at(-1)?.disk);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

let child: string | undefined;

/** Plays an edit or an undo in a process that is killed before its Nth change of the disk; says whether it was. */
async function killedAt(at: number, what: string): Promise<boolean> {
  const support = path.resolve(import.meta.dirname, '../support');
  const command = [
    process.execPath,
    '--import',
    `${support}/kill-at.mjs`,
    (child ??= await bundled('test/support/edit-child.ts')),
  ] as const;
  const { status } = await run([...command, dir, what], {
    env: { WDEV_KILL_AT: String(at), WDEV_KILL_SIGNAL: 'SIGKILL', WDEV_KILL_BELOW: `${dir}:${base}/state` },
  });
  return status !== 0;
}

/** Files of an edit that was cut off, which git would list. */
function unignored(): readonly string[] {
  const work = path.join(dir, '.wdev');
  const folders = existsSync(work) ? readdirSync(work).map((name) => path.join(work, name)) : [];
  return folders.flatMap((folder) =>
    existsSync(path.join(folder, '.gitignore')) ? [] : readdirSync(folder),
  );
}

async function killedEverywhere(play: (at: number) => Promise<boolean>): Promise<number> {
  for (let at = 1; ; at += 1) {
    if (!(await play(at))) return at;
    rmSync(dir, { recursive: true });
  }
}

describe('killed before any change of the disk', () => {
  it('an edit is rolled back by undo, which says so and goes to no earlier one', async () => {
    let cutOff = 0;
    const steps = await killedEverywhere(async (at) => {
      await begin(1);
      const one = treeOf(dir);
      const killed = await killedAt(at, JSON.stringify(editsBetween(FIRST, SECOND)));
      expect(unignored()).toEqual([]);
      if (readLedger(dir).pending !== undefined) {
        cutOff += 1;
        const { record, interrupted } = await undoLast(dir);
        expect([record.did, interrupted?.undoes, interrupted?.left]).toEqual(['second', false, []]);
      } else if (did().length === 2) expect((await undoLast(dir)).record.did).toBe('second');
      expect([treeOf(dir), did()]).toEqual([one, ['first']]);
      expect((await undoLast(dir)).record.did).toBe('first');
      expect(treeOf(dir)).toEqual({});
      return killed;
    });
    expect(cutOff).toBeGreaterThan(10);
    expect(steps).toBeGreaterThan(20);
  });

  it('an undo is finished by the next one', async () => {
    const steps = await killedEverywhere(async (at) => {
      await begin(1);
      const one = treeOf(dir);
      await editFiles(dir, editsBetween(FIRST, SECOND), 'second');
      const killed = await killedAt(at, 'undo');
      if (did().length === 2 || readLedger(dir).pending !== undefined)
        expect((await undoLast(dir)).record.did).toBe('second');
      expect([treeOf(dir), did()]).toEqual([one, ['first']]);
      return killed;
    });
    expect(steps).toBeGreaterThan(20);
  });

  /** The latest point at which the edit still counts as not done: every file is in its place. */
  async function cutOffLate(): Promise<void> {
    for (let at = 40; readLedger(dir).pending === undefined; at -= 1) {
      rmSync(dir, { recursive: true });
      await begin(1);
      await killedAt(at, JSON.stringify(editsBetween(FIRST, SECOND)));
    }
    expect(treeOf(dir)['new/in/folder']).toBe('644 new');
  }

  it('a rolling back can be cut off itself', async () => {
    await begin(1);
    const one = treeOf(dir);
    await cutOffLate();
    expect(() => refuseHalfDone(dir)).toThrow('wdev second was cut off');
    await expect(editFiles(dir, [{ path: 'x', after: text('x') }], 'x')).rejects.toThrow('was cut off');
    for (let at = 1; readLedger(dir).pending !== undefined; at += 1) await killedAt(at, 'undo');
    expect([treeOf(dir), did()]).toEqual([one, ['first']]);
    expect(() => refuseHalfDone(dir)).not.toThrow();
  });

  it('what the author changed since then stays, and is named', async () => {
    await begin(1);
    await cutOffLate();
    writeFileSync(path.join(dir, 'changes'), 'mine');
    const { interrupted } = await undoLast(dir);
    expect(interrupted?.left).toEqual(['changes']);
    expect(treeOf(dir)['changes']).toBe('644 mine');
    expect(treeOf(dir)['new/in/folder']).toBeUndefined();
  });
});

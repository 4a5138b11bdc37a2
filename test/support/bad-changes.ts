import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { save as saveWhole } from './save.ts';
import type { Watch } from './watch.ts';

/** The change that one save makes to a file of a plugin. */
type Edit =
  | { readonly from: string; readonly to: string }
  | { readonly append: string }
  | { readonly prepend: string }
  | { readonly text: string }
  | { readonly mode: number }
  | { readonly removed: true };

/** A save that must not stay on a target, and what has to be said of it. */
export interface BadChange {
  readonly name: string;
  /** Folder of the plugin in the project. */
  readonly plugin: string;
  readonly file: string;
  readonly edit: Edit;
  readonly code: string;
  /** The file that is named, where it is another one than that of the save; null for none. */
  readonly named?: string | null;
  /** A text of the line that is named; absent where no line is at fault. */
  readonly at?: string;
  /** A part of the message. */
  readonly says?: string;
  /** Findings that stay once the save was undone, because of the fault. */
  readonly leaves?: string;
  /** Faults of the target meanwhile, as shell scripts; $ROOT is its file system as this machine sees it. */
  readonly fault?: { readonly begin: string; readonly end: string; readonly from?: 'this machine' };
}

/** Where bad changes are tried: a running watch of the plugins, and what its target serves. */
export interface BadWorld {
  /** Folder of the plugins. */
  readonly dir: string;
  readonly watch: Watch;
  /** All that counts of the target: files, dialplan, services, generated text. */
  served(): Readonly<Record<string, string>>;
  /** All that was served when the last change was fixed: nothing comes between two of them. */
  before?: Readonly<Record<string, string>> | undefined;
  /** Runs a script of a fault. */
  run?(script: string, from: 'target' | 'this machine'): void;
}

/** Makes a bad save, sees that it is refused by its line and that all is served as before, and fixes it. */
export async function tryBadChange(world: BadWorld, change: BadChange): Promise<void> {
  const { watch } = world;
  const file = path.join(world.dir, change.plugin, change.file);
  const undo = keep(file);
  const before = world.before ?? world.served();
  world.before = undefined;
  const end = beginFault(world, change);
  watch.forget();
  try {
    save(file, change.edit);
    const failed = await watch.next('failed');
    const line = lineOf(world, change);
    const named = change.named === undefined ? change.file : change.named;
    expect(failed.findings[0]).toMatchObject({
      code: change.code,
      level: 'error',
      ...(named === null ? {} : { file: named }),
      ...(line === undefined ? {} : { line }),
      ...(change.says === undefined ? {} : { message: expect.stringContaining(change.says) as string }),
    });
    const touched = watch.events.some((event) => event.event === 'action' && event.id === failed.id);
    if (touched) {
      const { live } = await watch.next('rolled-back');
      expect(live).toMatch(/, restored($|, but )/);
      if (change.leaves !== undefined) expect(live).toContain(`, but ${change.leaves}`);
      else if (change.fault === undefined) expect(live).toMatch(/, restored$/);
    }
    end();
    // a console of Asterisk on a busy machine may lack a line of a long answer: it is asked again
    if (!BROUGHT_AGAIN.has(change.code))
      await expect.poll(() => world.served(), { timeout: 600_000 }).toEqual(before);
  } finally {
    end();
    watch.forget();
    undo();
    await watch.next('verified');
  }
  await expect.poll(() => world.served(), { timeout: 600_000 }).toEqual(before);
  world.before = before;
}

/** A fault that is not the save's: once the target can take it, it comes by itself. */
const BROUGHT_AGAIN: ReadonlySet<string> = new Set(['asterisk-down', 'reload-busy']);

/** Makes a save that is loaded with a remark: it is told at its line, the save is served, and nothing is rolled back. */
export async function tryRemark({ dir, watch }: BadWorld, change: BadChange): Promise<void> {
  const file = path.join(dir, change.plugin, change.file);
  const undo = keep(file);
  watch.forget();
  const start = watch.events.length;
  try {
    save(file, change.edit);
    await watch.next('verified');
    const since = watch.events.slice(start);
    const told = since.filter((event) => event.event === 'finding');
    expect(told).toContainEqual(
      expect.objectContaining({
        code: change.code,
        level: 'warning',
        file: change.file,
        line: lineOf({ dir }, change),
      }),
    );
    expect(since.map(({ event }) => event)).not.toContain('failed');
  } finally {
    watch.forget();
    undo();
    await watch.next('verified');
  }
}

/** Makes the target wrong, and gives what ends that; more than once does no harm. */
function beginFault(world: BadWorld, { fault }: BadChange): () => void {
  if (fault === undefined) return () => undefined;
  const from = fault.from ?? 'target';
  world.run?.(fault.begin, from);
  let over = false;
  return () => {
    if (!over) world.run?.(fault.end, from);
    over = true;
  };
}

function save(file: string, edit: Edit): void {
  const text = (): string => readFileSync(file, 'utf8');
  if ('mode' in edit) chmodSync(file, edit.mode);
  else if ('removed' in edit) rmSync(file);
  else if ('text' in edit) {
    mkdirSync(path.dirname(file), { recursive: true });
    saveWhole(file, edit.text);
  } else if ('append' in edit) saveWhole(file, `${text()}${edit.append}`);
  else if ('prepend' in edit) saveWhole(file, `${edit.prepend}${text()}`);
  else {
    if (!text().includes(edit.from)) throw new Error(`${file} has no ${edit.from}`);
    saveWhole(file, text().replaceAll(edit.from, edit.to));
  }
}

/** Remembers a file, and gives what brings it back. */
function keep(file: string): () => void {
  if (!existsSync(file)) return () => rmSync(file);
  const bytes = readFileSync(file);
  const { mode } = statSync(file);
  return () => saveWhole(file, bytes, mode);
}

function lineOf({ dir }: Pick<BadWorld, 'dir'>, { plugin, file, named, at }: BadChange): number | undefined {
  if (at === undefined) return undefined;
  const lines = readFileSync(path.join(dir, plugin, named ?? file), 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(at));
  if (index < 0) throw new Error(`no line has ${at}`);
  return index + 1;
}

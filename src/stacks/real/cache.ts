/** The cache that stacks are made of: roots, layers above them, and the packages that were fetched. */

import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../../support/errors.ts';
import { lockOwner } from '../../support/lock.ts';
import { readText } from '../../support/read-file.ts';
import { run } from '../../support/run.ts';
import { removeTree } from './mounts.ts';
import { rootsFolder } from './root-folder.ts';
import { readState, stackNames } from './run-folder.ts';

/** `part` is what a layer of Wazo's services had when one of its packages could not be set up. */
const PART = /^(?:root|layer|wazo|part|debian-\d+)-[0-9a-f]+$/;

/** Milliseconds that a part of the cache is kept unused: another version of wdev may still want it. */
const KEEP = 7 * 24 * 3600 * 1000;

/** Milliseconds in which one that was just made, or chosen, is mounted. */
const JUST_NOW = 600_000;

/** Layers of Wazo's services that are kept: each repository and choice of services makes one, of hundreds of MB. */
const MOST_LAYERS = 3;

/** Removes what no stack uses of earlier recipes and versions, and the layers of services that were used longest ago. */
export function prune(folder: string, used: readonly string[]): void {
  const now = new Date();
  for (const part of used) utimesSync(part, now, now);
  const idle = idleParts(folder).map((name) => ({ name, age: now.getTime() - ageOf(folder, name) }));
  const layers = idle.filter(({ name }) => name.startsWith('wazo-')).sort((one, two) => one.age - two.age);
  const surplus = layers.slice(MOST_LAYERS).filter(({ age }) => age > JUST_NOW);
  for (const { name } of [...idle.filter(({ age }) => age > KEEP), ...surplus])
    rmSync(path.join(folder, name), { recursive: true, force: true });
}

function ageOf(folder: string, name: string): number {
  return statSync(path.join(folder, name)).mtimeMs;
}

/** The parts that no stack is an overlay over. */
function idleParts(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const mounts = readText('/proc/self/mounts');
  const recorded = stackNames().flatMap((name) => {
    const state = readState(name);
    return state?.what === 'machine' ? (state.lowers ?? []) : [];
  });
  const isUsed = (name: string): boolean =>
    mounts.includes(`${folder}/${name}`) || recorded.some((lower) => lower.split(path.sep).includes(name));
  return readdirSync(folder).filter((name) => PART.test(name) && !isUsed(name));
}

/** The folder of the cache, and how many parts of it no stack uses; undefined when there is none. */
export function cacheState(): { readonly folder: string; readonly idle: number } | undefined {
  const folder = rootsFolder();
  const idle = idleParts(folder).length + Number(existsSync(path.join(folder, 'archives')));
  return idle === 0 ? undefined : { folder, idle };
}

export interface Cleared {
  readonly folder: string;
  readonly removed: readonly string[];
  readonly bytes: number;
}

/**
 * Removes all of the cache that no stack uses; the next `up` makes it anew.
 * @throws UserError `cache-in-use` while somebody makes a part of it
 */
export async function clearCache(): Promise<Cleared> {
  const folder = rootsFolder();
  const all = existsSync(folder) ? readdirSync(folder) : [];
  const makers = all.flatMap((name) =>
    name.endsWith('.lock') ? (lockOwner(path.join(folder, name)) ?? []) : [],
  );
  if (makers.length > 0)
    throw new UserError('cache-in-use', `process ${makers[0]} is making a part of ${folder}`, {
      help: 'Wait until it has ended, or end it.',
      exit: EXIT.failed,
    });
  const removed = [...idleParts(folder), ...all.filter((name) => name === 'archives')];
  const parts = removed.map((name) => path.join(folder, name));
  const { stdout } = await run(['du', '-skc', '--', ...parts]);
  for (const part of parts) await removeTree(part);
  const bytes = parts.length === 0 ? 0 : 1024 * Number(/^(\d+)\s+total$/m.exec(stdout)?.[1] ?? 0);
  return { folder, removed, bytes };
}

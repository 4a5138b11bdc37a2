import { existsSync, linkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, markOf, startTimeOf, type ProcessMark } from './process.ts';
import { UserError } from './errors.ts';
import { readTextIfThere } from './read-file.ts';
import { makeFolders } from './make-folders.ts';

export interface LockOptions {
  /** Called once if somebody else holds the lock. */
  readonly onWait?: (pid: number) => void;
}

/** Holds the lock file while `work` runs. Waits for a living owner, takes over from a dead one. */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const release = await waitForLock(file, options);
  try {
    return await work();
  } finally {
    release();
  }
}

/** As withLock, until what it returns is called. */
export async function waitForLock(file: string, options: LockOptions = {}): Promise<() => void> {
  let told = false;
  while (!tryLock(file)) {
    const owner = readOwner(file);
    const isOver = owner !== undefined && !lives(owner);
    if (isOver && reclaim(file, file, owner)) continue;
    if (!told && !isOver && owner !== undefined) {
      options.onWait?.(owner.pid);
      told = true;
    }
    await sleep(20);
  }
  return () => rmSync(file, { force: true });
}

/**
 * Takes the lock file for the life of this process, also from a dead owner; false when a living process has it.
 * Removing the file is the caller's business.
 */
export function holdLock(file: string): boolean {
  for (let tries = 0; tries < 3; tries++) {
    if (tryLock(file)) return true;
    const owner = readOwner(file);
    if (owner === undefined) continue;
    if (lives(owner)) return false;
    reclaim(file, file, owner);
  }
  return false;
}

/** Process number of the living owner of the lock. */
export function lockOwner(file: string): number | undefined {
  const owner = readOwner(file);
  return owner !== undefined && lives(owner) ? owner.pid : undefined;
}

function lives({ pid, start }: ProcessMark): boolean {
  return pid > 0 && isAlive(pid, start);
}

/** Takes the lock file if it is free; the file appears with its content in one step. */
function tryLock(file: string): boolean {
  if (existsSync(file)) return false;
  makeFolders(path.dirname(file));
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(draft, JSON.stringify(markOf(process.pid)));
    linkSync(draft, file);
    return true;
  } catch (error) {
    // ENOENT: who had it last removed the folder too
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes from a folder of locks what processes left that were killed while they took one. */
export function clearDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, lock] = /^(.+)-of-\d+-\w*$/.exec(name) ?? [];
    const owner = lock === undefined ? undefined : readOwner(path.join(folder, name));
    if (lock !== undefined && owner !== undefined && !lives(owner))
      reclaim(path.join(folder, lock), path.join(folder, name), owner);
    const pid = /\.(\d+)\.(?:[0-9a-z]+|stale)$/.exec(name)?.[1];
    if (pid !== undefined && startTimeOf(Number(pid)) === undefined)
      rmSync(path.join(folder, name), { force: true });
  }
}

/** No process: the owner in what is no lock of ours, or one that a crash emptied: a lock appears with its content. */
const NOBODY: ProcessMark = { pid: 0, start: 'nobody' };

function readOwner(file: string): ProcessMark | undefined {
  try {
    const text = readTextIfThere(file);
    if (text === undefined) return undefined;
    const { pid, start } = JSON.parse(text) as Partial<ProcessMark>;
    return Number.isSafeInteger(pid) && typeof start === 'string' ? { pid: pid ?? 0, start } : NOBODY;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof UserError)
      return NOBODY;
    throw error;
  }
}

/**
 * Removes a dead owner's file. It is removed by who holds a lock that belongs to this owner alone: another process may have
 * taken the file over since it was read, and would lose it. Who held that lock may be dead in turn.
 * @param lock the lock that it is about: the file itself, or the one that it gives the right to remove
 * @returns false while somebody else is at it
 */
function reclaim(lock: string, file: string, dead: ProcessMark): boolean {
  const right = `${lock}-of-${dead.pid}-${dead.start.replace(/^.*:/s, '').replaceAll(/\W/g, '').slice(0, 20)}`;
  // a crash emptied both
  if (right === file) {
    rmSync(file, { force: true });
    return true;
  }
  while (!tryLock(right)) {
    const owner = readOwner(right);
    if (owner !== undefined && (lives(owner) || !reclaim(lock, right, owner))) return false;
  }
  try {
    const found = readOwner(file);
    if (found?.pid === dead.pid && found.start === dead.start) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(right, { force: true });
  }
}

import { linkSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    if (owner !== undefined && !lives(owner)) reclaim(file, owner);
    else {
      if (!told && owner !== undefined) options.onWait?.(owner.pid);
      told ||= owner !== undefined;
      await sleep(20);
    }
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
    reclaim(file, owner);
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

/** Moves a dead owner's file away; puts it back when it turns out to be a new owner's. */
function reclaim(file: string, dead: ProcessMark): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const found = readOwner(aside);
  if (found !== undefined && found !== NOBODY && (found.pid !== dead.pid || found.start !== dead.start)) {
    try {
      linkSync(aside, file);
    } catch {
      // a third process has the lock by now
    }
  }
  rmSync(aside, { force: true });
}

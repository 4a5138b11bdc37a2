import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, startTimeOf } from './process.ts';

interface Owner {
  readonly pid: number;
  readonly start: string;
}

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
  let told = false;
  while (!tryLock(file)) {
    const owner = readOwner(file);
    if (owner !== undefined && !isAlive(owner.pid, owner.start)) reclaim(file, owner);
    else {
      if (!told && owner !== undefined) options.onWait?.(owner.pid);
      told ||= owner !== undefined;
      await sleep(20);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
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
    if (isAlive(owner.pid, owner.start)) return false;
    reclaim(file, owner);
  }
  return false;
}

/** Process number of the living owner of the lock. */
export function lockOwner(file: string): number | undefined {
  const owner = readOwner(file);
  return owner !== undefined && isAlive(owner.pid, owner.start) ? owner.pid : undefined;
}

/** Takes the lock file if it is free; the file appears with its content in one step. */
function tryLock(file: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, start: startTimeOf(process.pid) ?? '' }));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** Moves a dead owner's file away; puts it back when it turns out to be a new owner's. */
function reclaim(file: string, dead: Owner): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const found = readOwner(aside);
  if (found !== undefined && (found.pid !== dead.pid || found.start !== dead.start)) {
    try {
      linkSync(aside, file);
    } catch {
      // a third process has the lock by now
    }
  }
  rmSync(aside, { force: true });
}

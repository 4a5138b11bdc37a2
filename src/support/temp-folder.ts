import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a temporary folder below `base` that tells by its name which process it belongs to, and removes those that
 * killed processes left.
 */
export function ownFolder(base: string, word: string): string {
  for (const name of readdirSync(base)) {
    const [, pid] = new RegExp(`^${word}-(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) removeIfOurs(path.join(base, name));
  }
  return mkdtempSync(path.join(base, `${word}-${process.pid}-`));
}

function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // it is another user's
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

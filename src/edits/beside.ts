import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { startTimeOf } from '../support/process.ts';

const NAME = /^\.wdev-(?:undo|stack)-(\d+)-\w{6}$/;

/**
 * A private folder beside another one, from or into which that is renamed in one step. It names this process, so that
 * the next one removes what a killed one left.
 */
export async function besideFolder(parent: string, purpose: 'undo' | 'stack'): Promise<string> {
  await clearBeside(parent);
  return await mkdtemp(path.join(parent, `.wdev-${purpose}-${process.pid}-`));
}

/** Removes the folders that killed processes left beside others. */
export async function clearBeside(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || startTimeOf(Number(pid)) !== undefined) continue;
    const full = path.join(parent, name);
    const found = await lstat(full).catch(() => undefined);
    if (found?.isDirectory() === true && found.uid === process.getuid?.())
      await rm(full, { recursive: true, force: true });
  }
}

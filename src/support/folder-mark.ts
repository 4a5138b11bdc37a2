import { hash } from 'node:crypto';
import { statSync } from 'node:fs';

/**
 * The name of a folder for our records: its inode and when that was made, so that a record follows it when it is moved,
 * and no copy of it has it.
 */
export function folderMark(real: string): string {
  const { ino, birthtimeNs } = statSync(real, { bigint: true });
  // some file systems have no time of birth
  const second = birthtimeNs > 0n ? String(birthtimeNs) : hash('sha256', real).slice(0, 20);
  return `${ino}-${second}`;
}

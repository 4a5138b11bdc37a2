import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { systemPath } from './file-name.ts';
import { readText } from './read-file.ts';

/** The access mode among the flags of open(2), which `fdinfo` shows in octal: 0 only reads. */
const ACCESS_MODE = 3;

/**
 * Whether a process of this person has one of some files open for writing, as the system tells below /proc. False for
 * processes of others and of other machines, and on a system without /proc.
 */
export function anyOpenForWriting(files: readonly string[]): boolean {
  const names = new Set(files.flatMap((file) => orElse(() => [realPath(file)], [])));
  return names.size > 0 && namesIn('/proc').some((pid) => /^\d+$/.test(pid) && writes(`/proc/${pid}`, names));
}

function realPath(file: string): string {
  return realpathSync.native(systemPath(file), 'latin1');
}

function writes(process: string, names: ReadonlySet<string>): boolean {
  return namesIn(`${process}/fd`).some(
    (fd) =>
      names.has(orElse(() => readlinkSync(`${process}/fd/${fd}`, 'latin1'), '')) &&
      (flagsOf(path.join(process, 'fdinfo', fd)) & ACCESS_MODE) !== 0,
  );
}

function flagsOf(info: string): number {
  const text = orElse(() => readText(info), '');
  return Number.parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? '0', 8);
}

function namesIn(folder: string): readonly string[] {
  return orElse(() => readdirSync(folder), []);
}

/** Answers `otherwise` where it cannot be read: a process closes its files meanwhile, and not all are everyone's to see. */
function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

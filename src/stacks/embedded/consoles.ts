import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readText } from '../../support/read-file.ts';

/** A console of an embedded stack that runs on this machine. */
export interface RunningConsole {
  readonly pid: number;
  /** The stack's own folder: `.wdev/stack` of its project. */
  readonly folder: string;
}

/** The consoles of all projects, those of other people excepted. */
export function runningConsoles(): readonly RunningConsole[] {
  return processNumbers().flatMap((pid) => {
    try {
      if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return [];
      const words = readText(`/proc/${pid}/cmdline`).split('\0');
      const at = words.findIndex((word) => /\/stacks\/embedded\/daemon\.[jt]s$/.test(word));
      const folder = words[at + 1];
      return at < 0 || folder === undefined || !path.isAbsolute(folder) ? [] : [{ pid, folder }];
    } catch {
      // it ended meanwhile
      return [];
    }
  });
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    // a system without /proc
    return [];
  }
}

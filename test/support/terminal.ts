import path from 'node:path';
import { run, type RunResult } from '../../src/support/run.ts';

/** Keys as a terminal sends them. */
export const KEY = { enter: '\r', down: '\u001b[B', space: ' ', interrupt: '\u0003' } as const;

/** Runs a command in a real terminal (a pty) and types: each entry is [text that must appear, what is typed]. */
export function inTerminal(
  command: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string | undefined>> },
  dialogue: readonly (readonly [string, string])[],
): Promise<RunResult> {
  const script = path.join(import.meta.dirname, 'terminal.py');
  const request = JSON.stringify({ command, cwd: options.cwd, dialogue });
  return run(['/usr/bin/python3', script, request], {
    env: { TERM: 'xterm', ...options.env },
    timeout: 900_000,
  });
}

/** `wdev test`, interrupted while a test of the plugin has a program run. */

import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { pause } from './watch.ts';
import { BIN } from './wdev.ts';

/** A number of seconds by which a `sleep` is told from all others. */
export function tellingNumber(): number {
  return 900_000_000 + Math.floor(Math.random() * 1e8);
}

/** The process that sleeps so long, also one in a stack of this machine. */
export function sleeper(seconds: number): number | undefined {
  const found = readdirSync('/proc').find((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8') === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

/** A test of a server that has a command run there which sleeps so long. */
export function sleepingTest(seconds: number): string {
  return `import os
import subprocess

import pytest


@pytest.mark.integration
def test_it():
    subprocess.run([*os.environ['WAZO_SHELL'].split(), 'sleep ${seconds}'])
`;
}

/** Presses Ctrl-C once the program sleeps; gives the exit status, and what was said on stderr. */
export async function interruptedTests(
  cwd: string,
  seconds: number,
  ...words: readonly string[]
): Promise<readonly [number | null, string]> {
  const child = spawn(process.execPath, [BIN, 'test', ...words], { cwd });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  while (sleeper(seconds) === undefined && child.exitCode === null) await pause(50);
  child.kill('SIGINT');
  return [await ended, said];
}

/** The one way to run a program that a plugin brings, or that runs a plugin's code. */

import { UserError } from '../support/errors.ts';
import type { RunResult } from '../support/run.ts';
import { runToEnd, type SpawnOptions } from '../support/spawn.ts';
import { enclosed, type View } from './enclose.ts';
import { programEnvironment } from './environment.ts';
import { policy } from './policy.ts';
import { runsNoPrograms } from './mounts.ts';
import { chosenWay } from './way.ts';

export interface PluginProgram extends View {
  readonly command: readonly [string, ...string[]];
  /** Added to the few variables that a program gets; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program, and all that it started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program in the sandbox of this machine and waits for its end, as `run` does; nothing that it started is
 * left then. Status 124 when it did not end in time.
 * @throws UserError `sandbox-failed` when the sandbox could not be made, `temporary-folder-noexec`
 */
export async function runPlugin(program: PluginProgram): Promise<RunResult> {
  const { timeout } = policy();
  const { words, options } = await prepare(program);
  const [name, ...args] = words;
  const limits = { timeout: timeout * 1000, signal: program.signal };
  const result = await runToEnd(name, args, { ...options, ...limits });
  if (result.status === 124 && result.isLate)
    return { command: program.command, ...result, stderr: `${result.stderr}${lateSentence(timeout)}` };
  judge(program, result);
  return { command: program.command, ...result };
}

interface Prepared {
  readonly words: readonly [string, ...string[]];
  readonly options: SpawnOptions;
}

async function prepare({ command, env = {}, ...view }: PluginProgram): Promise<Prepared> {
  const way = await chosenWay();
  const isOff = policy().choice === 'off';
  const network = view.network === true;
  const own = isOff
    ? { ...process.env, ...env }
    : programEnvironment(process.env, env, { network, enclosed: way !== undefined });
  const words = way === undefined ? command : enclosed(way, view, command);
  return { words, options: { cwd: way === undefined ? view.cwd : '/', env: own, only: true, group: true } };
}

function lateSentence(seconds: number): string {
  return `\nnot at its end after ${seconds} s; --timeout SECONDS gives it more\n`;
}

/** Tells a fault of the machine from one of the program. */
function judge(
  { cwd, command }: PluginProgram,
  { status, stderr }: Pick<RunResult, 'status' | 'stderr'>,
): void {
  if (status === 0) return;
  const own = /^(?:wdev-sandbox|bwrap): (.*)/.exec(stderr);
  if (own !== null) {
    throw new UserError('sandbox-failed', `the sandbox could not be made: ${own[1] ?? ''}`, {
      help: '--no-sandbox runs the programs of the plugin without one, with all your rights.',
    });
  }
  if (!/\bEACCES\b/.test(stderr) || !runsNoPrograms(cwd)) return;
  throw new UserError(
    'temporary-folder-noexec',
    `${command[0]} cannot be started: ${cwd} lies on a file system that runs no programs (noexec)`,
    { help: 'Name another folder for temporary files: TMPDIR=/var/tmp wdev …' },
  );
}

/** The one way to run a program that a plugin brings, or that runs a plugin's code. */

import { UserError } from '../support/errors.ts';
import { LineProcess } from '../support/line-process.ts';
import type { RunResult } from '../support/run.ts';
import { runToEnd, type Spawned, type SpawnOptions } from '../support/spawn.ts';
import { enclosed, type View } from './enclose.ts';
import { programEnvironment } from './environment.ts';
import { policy, timeLimit, TOO_MUCH } from './policy.ts';
import { runsNoPrograms } from './mounts.ts';
import { chosenWay, PROBE_LIMIT } from './way.ts';

export interface PluginProgram extends View {
  readonly command: readonly [string, ...string[]];
  /** Added to the few variables that a program gets; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the program, and all that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds that it may take, unless the person said so. */
  readonly seconds?: number;
  /** Seconds of processor time that it may take with all that it starts, on Linux; its status is 124 then. */
  readonly processorSeconds?: number;
  /** Begins the command where there is no sandbox, for what `system` is in one. */
  readonly outside?: readonly string[];
}

/** The most that is kept of what a program writes, in bytes. */
const MOST = 4 * 2 ** 20;

/**
 * Runs a program in the sandbox of this machine and waits for its end, as `run` does; nothing that it started is
 * left then. Status 124 when it did not end in time.
 * @throws UserError `sandbox-failed` when the sandbox could not be made, `temporary-folder-noexec`
 */
export async function runPlugin(program: PluginProgram): Promise<RunResult & Pick<Spawned, 'seconds'>> {
  const timeout = timeLimit(program.seconds);
  const { words, options } = await preparePlugin(program);
  const [name, ...args] = words;
  const { processorSeconds, signal } = program;
  const limits = { timeout: timeout * 1000, processorSeconds, signal, most: MOST };
  const result = await runToEnd(name, args, { ...options, ...limits });
  if (result.status === 124 && result.isLate)
    return { command: program.command, ...result, stderr: `${result.stderr}${lateSentence(timeout)}` };
  if (result.isSpent)
    return { command: program.command, ...result, stderr: `${result.stderr}\n${TOO_MUCH}\n` };
  await judge(program, result);
  return { command: program.command, ...result };
}

/** Starts a program, as runPlugin does, that is talked to line by line; the caller closes it. */
export async function startPlugin(program: Omit<PluginProgram, 'signal'>): Promise<LineProcess> {
  const { words, options } = await preparePlugin(program);
  return new LineProcess(words, { ...options, name: program.command[0] });
}

export interface PreparedProgram {
  readonly words: readonly [string, ...string[]];
  readonly options: Required<Pick<SpawnOptions, 'cwd' | 'env' | 'only' | 'group'>>;
}

/** The words, folder and environment by which a program is started; for who has to start it in another way. */
export async function preparePlugin({
  command,
  env = {},
  outside = [],
  ...view
}: PluginProgram): Promise<PreparedProgram> {
  const way = await chosenWay();
  const isOff = policy().choice === 'off';
  const network = view.network === true;
  const own = isOff
    ? { ...process.env, ...env }
    : programEnvironment(process.env, env, { network, enclosed: way !== undefined });
  const words =
    way === undefined
      ? ([...outside, ...command] as unknown as readonly [string, ...string[]])
      : enclosed(way, view, command);
  return { words, options: { cwd: way === undefined ? view.cwd : '/', env: own, only: true, group: true } };
}

function lateSentence(seconds: number): string {
  return `\nstill running after ${seconds} s; --timeout SECONDS gives it more\n`;
}

const OWN_WORDS = /^(?:wdev-sandbox|bwrap): (.*)/;

/** The sandbox's answer when nothing of the plugin runs in it. */
async function complaintOfSandbox(program: PluginProgram): Promise<string | undefined> {
  const { words, options } = await preparePlugin({ ...program, command: ['true'] });
  const [name, ...args] = words;
  const { status, stderr } = await runToEnd(name, args, { ...options, timeout: PROBE_LIMIT });
  return status === 0 ? undefined : (OWN_WORDS.exec(stderr)?.[1] ?? `it ended with status ${status}`);
}

/** Tells a fault of the machine from one of the program. */
async function judge(
  program: PluginProgram,
  { status, stderr }: Pick<RunResult, 'status' | 'stderr'>,
): Promise<void> {
  if (status === 0) return;
  const { cwd, command } = program;
  // a plugin may say so, too, for us to advise the following
  const why = OWN_WORDS.test(stderr) ? await complaintOfSandbox(program) : undefined;
  if (why !== undefined) {
    throw new UserError('sandbox-failed', `the sandbox could not be made: ${why}`, {
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

import { existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { run } from '../support/run.ts';
import {
  embeddedStack,
  embeddedVersion,
  makeFolder,
  writePrograms,
  writeWake,
  type EmbeddedStack,
} from './embedded/folder.ts';
import { areDriversCurrent, enclosedPython, writeDrivers } from './embedded/drivers.ts';
import { isMadeHere, makeHere, removeHere } from './embedded/made-here.ts';
import { packageRoot } from '../support/paths.ts';
import { lockOwner, withLock } from '../support/lock.ts';
import { ended, signal, startTimeOf } from '../support/process.ts';
import { freePort } from './real/ports.ts';
import { findProgram, pythonWith } from './requirements.ts';
import type { ShellCommand } from './shell-command.ts';
import { readTextIfPossible } from '../support/read-file.ts';

export type { EmbeddedStack } from './embedded/folder.ts';

/** Milliseconds without a command after which a console that nobody asked for by name goes to sleep. */
const IDLE = 15 * 60_000;

/**
 * Makes the embedded stack of a project (`.wdev/stack`) if it is not there, and starts its console, which stays
 * until `downEmbedded`.
 * @throws UserError `console-failed` when the console does not start
 */
export async function upEmbedded(project: string): Promise<EmbeddedStack> {
  const stack = await ensureEmbedded(project);
  writeFileSync(path.join(stack.run, 'keep'), '');
  return stack;
}

/**
 * As upEmbedded, for who only needs it now: the console ends itself after `idle` milliseconds without a command
 * (15 minutes by default), and wakes up at the next one.
 */
export async function ensureEmbedded(project: string, idle = IDLE): Promise<EmbeddedStack> {
  const stack = embeddedStack(project);
  if (isCurrent(stack) && areDriversCurrent(stack)) return stack;
  await makeHere(stack.folder);
  await withLock(path.join(stack.folder, 'lock'), async () => {
    if (!isCurrent(stack)) {
      await end(stack, consolePid(stack));
      await prepare(stack, idle);
      await startConsole(stack);
    } else if (!areDriversCurrent(stack)) await prepareDrivers(stack);
  });
  return stack;
}

/** Whether the console runs and is of this version of wdev: after an update, stack and console follow. */
function isCurrent(stack: EmbeddedStack): boolean {
  return (
    isMadeHere(stack.folder) &&
    consolePid(stack) !== undefined &&
    readTextIfPossible(versionFile(stack)) === embeddedVersion(consoleFile())
  );
}

async function prepare(stack: EmbeddedStack, idle: number): Promise<void> {
  const mask = process.umask(0o022);
  try {
    await prepareAll(stack, idle);
  } finally {
    process.umask(mask);
  }
}

async function prepareAll(stack: EmbeddedStack, idle: number): Promise<void> {
  if (findEmbedded(stack.project) === undefined) {
    const confgendPort = await freePort(new Set());
    const python = (await pythonWith(['stevedore', 'yaml'])) ?? (await pythonWith(['yaml']));
    makeFolder(stack, { confgendPort, python: python ?? findProgram('python3') ?? 'python3' });
  }
  writePrograms(stack);
  const pipe = path.join(stack.run, 'console.in');
  if (!existsSync(pipe)) await run(['mkfifo', '-m', '600', pipe]);
  writeWake(stack, consoleCommand(stack, idle));
  await prepareDrivers(stack);
  writeFileSync(versionFile(stack), embeddedVersion(consoleFile()));
}

/** From now on code of plugins runs as the person wants it. */
async function prepareDrivers(stack: EmbeddedStack): Promise<void> {
  await end(stack, confgendPid(stack));
  await writeDrivers(stack);
}

function confgendPid(stack: EmbeddedStack): number | undefined {
  return pidIn(path.join(stack.run, 'confgend.pid'));
}

function versionFile(stack: EmbeddedStack): string {
  return path.join(stack.run, 'version');
}

/** From a source checkout the daemon is run as it stands there; from the package, as it was built. */
function consoleFile(): string {
  const fromSource = import.meta.filename.endsWith('.ts');
  return path.join(
    packageRoot(),
    fromSource ? 'src' : 'dist/src',
    `stacks/embedded/daemon.${fromSource ? 'ts' : 'js'}`,
  );
}

function consoleCommand(stack: EmbeddedStack, idle: number): string[] {
  const file = consoleFile();
  const loader = file.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  return [process.execPath, ...loader, file, stack.folder, String(idle)];
}

/** Through a shell, so that the console's parent is not this process: a dead console is no zombie of ours. */
async function startConsole(stack: EmbeddedStack): Promise<void> {
  rmSync(path.join(stack.run, 'console.pid'), { force: true });
  await run(['sh', path.join(stack.run, 'wake')]);
  if (consolePid(stack) === undefined) throw consoleError(stack);
}

function consoleError(stack: EmbeddedStack): UserError {
  const said = (readTextIfPossible(path.join(stack.run, 'console.out')) ?? '')
    .trim()
    .split('\n')
    .slice(-5)
    .join('\n');
  return new UserError('console-failed', `the console of the embedded stack did not start\n${said}`, {
    help: `Remove ${stack.folder} and try again.`,
  });
}

/** Process number of the console when it answers. */
export function consolePid(stack: EmbeddedStack): number | undefined {
  if (!existsSync(path.join(stack.run, 'console.pid'))) return undefined;
  return lockOwner(path.join(stack.run, 'console.lock'));
}

/** Whether the console ended itself for want of work: it wakes up at the next command. */
export function isAsleep(stack: EmbeddedStack): boolean {
  return existsSync(path.join(stack.run, 'asleep'));
}

/**
 * The embedded stack of a project when its folder is there, made on this machine, whether or not the console runs.
 * @throws UserError `stack-link`
 */
export function findEmbedded(project: string): EmbeddedStack | undefined {
  const stack = embeddedStack(project);
  return isMadeHere(stack.folder) && existsSync(path.join(stack.run, 'services')) ? stack : undefined;
}

/** Ends the processes of the stack and removes its folder. Fine when there is none, or only half of one. */
export async function downEmbedded(project: string): Promise<void> {
  const stack = embeddedStack(project);
  if (isMadeHere(stack.folder)) {
    await end(stack, consolePid(stack));
    await end(stack, confgendPid(stack));
  }
  await removeHere(stack.folder);
}

/** Whether anything is where the embedded stack of a project would be. */
export function hasEmbedded(project: string): boolean {
  return existsSync(embeddedStack(project).folder);
}

function pidIn(file: string): number | undefined {
  return Number.parseInt(readTextIfPossible(file) ?? '', 10) || undefined;
}

/** Ends a process that a file of the stack names, if it is one of the stack. */
async function end(stack: EmbeddedStack, pid: number | undefined): Promise<void> {
  const start = pid === undefined ? undefined : startTimeOf(pid);
  if (pid === undefined || start === undefined || !isOf(stack, pid)) return;
  signal(pid, start, 'SIGTERM');
  if (await ended(pid, start, 3000)) return;
  signal(pid, start, 'SIGKILL');
  // until then it may write into the folder that is removed next
  await ended(pid, start, 10_000);
}

/** Whether a process was started for the stack: one of its words names it. Believed where the system has no /proc. */
function isOf(stack: EmbeddedStack, pid: number): boolean {
  const words = readTextIfPossible(`/proc/${pid}/cmdline`)?.split('\0');
  if (words === undefined) return !existsSync('/proc/self');
  const own = realpathSync(stack.folder);
  return words.some((word) => {
    const named = path.isAbsolute(word) && existsSync(word) ? realpathSync(word) : '';
    return named === own || named.startsWith(`${own}/`);
  });
}

/** A POSIX shell in which `asterisk`, `systemctl` and `wazo-confgen` are those of the stack. */
export function embeddedShell(stack: EmbeddedStack): ShellCommand {
  // as on a server, whatever the person's is: wazo-confgend may be somebody else
  return { argv: ['sh', '-c', 'umask 022; exec sh "$@"', 'sh'], env: embeddedEnv(stack) };
}

/** Environment in which the programs of the stack come first. */
export function embeddedEnv(stack: EmbeddedStack): Record<string, string> {
  return {
    PATH: `${stack.bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
    WDEV_ROOT: stack.root,
    WDEV_PYTHON: enclosedPython(stack),
  };
}

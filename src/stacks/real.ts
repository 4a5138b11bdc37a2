import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { stackLayout } from './layout.ts';
import { withLock } from '../support/lock.ts';
import { ended, signal } from '../support/process.ts';
import { prepareSsh, setPorts } from './real/access.ts';
import { findLeader, mountRoot, startMachine, waitUntilReady } from './real/boot.ts';
import { removeCgroup } from './real/cgroup.ts';
import { enterCommand } from './real/enter.ts';
import { removeTree } from './real/mounts.ts';
import { freePort } from './real/ports.ts';
import { ensureRoot } from './real/root.ts';
import { STACKS, readState, runningStack, stackFolder, stackNames, writeState } from './real/run-folder.ts';
import type { RealStack, StackPorts } from './real/run-folder.ts';
import { lacking } from './requirements.ts';
import type { ShellCommand } from './shell-command.ts';

export type { RealStack } from './real/run-folder.ts';

export interface UpRealOptions {
  /** Called with a sentence when something takes longer than a moment. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Starts a real stack and waits until its Asterisk is fully booted; gives the running one back if there is one.
 * @throws UserError `stack-requirements` when this machine can't run one, `root-failed`, `boot-failed`
 */
export async function upReal(name: string, options: UpRealOptions = {}): Promise<RealStack> {
  const folder = stackFolder(name);
  await demandRequirements();
  return await withLock(`${folder}.lock`, async () => {
    const running = runningStack(name);
    if (running !== undefined) return running;
    await clear(name);
    try {
      return await start(name, options.onProgress ?? (() => undefined));
    } catch (error) {
      await clear(name);
      throw error;
    }
  });
}

async function demandRequirements(): Promise<void> {
  const missing = await lacking('real');
  if (missing.length === 0) return;
  const what = missing.map((need) => need.what).join(', ');
  throw new UserError('stack-requirements', `a real stack needs what this machine lacks: ${what}`, {
    help: missing.map((need) => need.remedy).join(' ') || 'See `wdev doctor`.',
  });
}

async function start(name: string, progress: (text: string) => void): Promise<RealStack> {
  const startedAt = Date.now();
  const lowers = await ensureRoot(stackLayout(), progress);
  mkdirSync(stackFolder(name), { recursive: true, mode: 0o700 });
  const state = { name, startedAt, ...(await choosePorts()) };
  writeState(state);
  await mountRoot(name, lowers);
  await prepareSsh(name, state.sshPort);
  setPorts(name, state);
  const nspawn = startMachine(name);
  writeState({ ...state, nspawn });
  const leader = await findLeader(name, nspawn.pid);
  writeState({ ...state, nspawn, leader });
  await waitUntilReady(name, leader.pid, state.sshPort);
  const stack = runningStack(name);
  if (stack === undefined)
    throw new UserError('boot-failed', `the stack ${name} ended right after its start`);
  return stack;
}

/** Stacks share the ports of the machine, so each gets its own. */
async function choosePorts(): Promise<StackPorts> {
  const states = stackNames().map((name) => readState(name));
  const taken = new Set(
    states
      .flatMap((state) => [state?.sshPort, state?.confgendPort, state?.iaxPort])
      .filter((port) => port !== undefined),
  );
  const next = async (): Promise<number> => {
    const port = await freePort(taken);
    taken.add(port);
    return port;
  };
  return { sshPort: await next(), confgendPort: await next(), iaxPort: await next() };
}

/** Ends a stack and removes all of it: processes, mount, folder. Fine when there is none. */
export async function downReal(name: string): Promise<void> {
  const folder = stackFolder(name);
  if (!existsSync(folder)) return;
  await withLock(`${folder}.lock`, () => clear(name));
  removeIfEmpty(STACKS);
  removeIfEmpty(path.dirname(STACKS));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // other stacks are in it
  }
}

/** Also cleans up after a crash: each step acts on what is there. */
async function clear(name: string): Promise<void> {
  const folder = stackFolder(name);
  const state = readState(name);
  if (state?.nspawn !== undefined) {
    const { pid, start } = state.nspawn;
    signal(pid, start, 'SIGTERM');
    if (!(await ended(pid, start, 10_000))) signal(pid, start, 'SIGKILL');
  }
  if (state?.leader !== undefined) {
    signal(state.leader.pid, state.leader.start, 'SIGKILL');
    await ended(state.leader.pid, state.leader.start, 5000);
  }
  removeCgroup(name);
  await removeTree(folder);
}

/** Whether anything of a stack of that name is there, be it running or left over from a crash. */
export function hasTrace(name: string): boolean {
  return existsSync(stackFolder(name));
}

/** The running stack of that name, or undefined. */
export function findReal(name: string): Promise<RealStack | undefined> {
  return Promise.resolve(runningStack(name));
}

/** All running stacks, sorted by name. */
export function listReal(): Promise<RealStack[]> {
  return Promise.resolve(stackNames().flatMap((name) => runningStack(name) ?? []));
}

/** A POSIX shell inside the stack. */
export function realShell(stack: RealStack): ShellCommand {
  return { argv: [...enterCommand(stack.pid), '/bin/sh'] };
}

/** Address of the stack as a target, for ssh with its key and known_hosts file. */
export function realUrl(stack: RealStack): string {
  return `ssh://root@127.0.0.1:${stack.sshPort}`;
}

/** The command that runs a program inside the stack, its streams and exit status being the stack's. */
export function realCommand(stack: RealStack, command: readonly string[]): [string, ...string[]] {
  return [...enterCommand(stack.pid, process.env['TERM']), ...command];
}

import { withLock } from '../support/lock.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { markOf } from '../support/process.ts';
import { stackLayout } from './layout.ts';
import { FRESH, bootMachine } from './real/machine.ts';
import { CLEARING, clearLeft, clearStack, removeEmpty, standing } from './real/clear.ts';
import { enterCommand } from './real/enter.ts';
import { freePort } from './real/ports.ts';
import type { RootKind } from './real/recipe.ts';
import { ensureRoot } from './real/root.ts';
import {
  lockOf,
  readState,
  stackFolder,
  stackNames,
  writeState,
  type MachineState,
  type RealStack,
  type StackPorts,
} from './real/run-folder.ts';
import { runningStack } from './real/running.ts';
import { lacking, remedyOf } from './requirements.ts';
import type { ShellCommand } from './shell-command.ts';
import { ensureServices, type LayerOrder } from './wazo/layer.ts';
import { makeFolders } from '../support/make-folders.ts';

export type { RealStack } from './real/run-folder.ts';

export interface UpRealOptions {
  /** Called with a sentence when something takes longer than a moment. */
  readonly onProgress?: (text: string) => void;
  /** It is for this process: once that is gone, whoever comes by clears it. */
  readonly forUs?: boolean;
  /** Ends it, with nothing left but what was fetched. */
  readonly signal?: AbortSignal | undefined;
  /** Makes a stack with Wazo's services; one with Asterisk alone by default. */
  readonly services?: ServicesOrder;
  /** Makes another of a stack that runs, as `up` made that one. */
  readonly like?: string;
}

export type ServicesOrder = Omit<LayerOrder, 'onProgress' | 'signal'>;

/**
 * Starts a real stack and waits until its Asterisk, or its services, are up; gives the running one back if there is one.
 * Clears first what killed ones left.
 * @throws UserError `stack-requirements` when this machine can't run one, `root-failed`, `boot-failed`
 */
export async function upReal(name: string, options: UpRealOptions = {}): Promise<RealStack> {
  const lock = lockOf(name);
  const progress = options.onProgress ?? (() => undefined);
  const kind = kindWanted(options);
  await demandRequirements(kind);
  await clearLeft();
  const onWait = (pid: number): void => progress(`process ${pid} is at the stack ${name}; waiting`);
  return await withLock(
    lock,
    async () => {
      const running = await runningStack(name);
      if (running !== undefined) return running;
      await clearStack(name);
      try {
        return await start(name, kind, { ...options, onProgress: progress });
      } catch (error) {
        if (options.signal?.aborted === true) progress(CLEARING);
        await clearStack(name);
        throw error;
      }
    },
    { onWait },
  );
}

/**
 * Looks whether this machine can run such a stack, before anything takes time.
 * @throws UserError `stack-requirements`, with the one command that installs what is missing
 */
export async function demandRequirements(kind: RootKind): Promise<void> {
  const real = await lacking('real');
  const missing = kind === 'real' ? real : [...real, ...(await lacking('wazo'))];
  if (missing.length === 0) return;
  const what = missing.map((need) => need.what).join(', ');
  throw new UserError('stack-requirements', `a ${kind} stack needs what this machine lacks: ${what}`, {
    help: remedyOf(missing),
  });
}

function kindWanted({ like, services }: UpRealOptions): RootKind {
  if (like !== undefined) return recordOf(like).kind ?? 'real';
  return services === undefined ? 'real' : 'wazo';
}

function recordOf(name: string): MachineState {
  const record = readState(name);
  if (record?.what === 'machine') return record;
  throw new UserError('no-stack', `stack ${name} is not running`, { exit: EXIT.unreachable });
}

async function start(
  name: string,
  kind: RootKind,
  { onProgress, forUs, services, signal, like }: UpRealOptions & Required<Pick<UpRealOptions, 'onProgress'>>,
): Promise<RealStack> {
  const startedAt = Date.now();
  const owner = markOf(process.pid);
  makeFolders(stackFolder(name), 0o700);
  const original = like === undefined ? undefined : recordOf(like);
  const ports = await choosePorts(kind);
  const units = original?.units ?? services?.selection.units ?? [];
  const made: MachineState = {
    name,
    what: 'machine',
    kind,
    phase: 'making',
    startedAt,
    owner,
    units,
    ...ports,
  };
  writeState(made);
  const lowers =
    original?.snapshots?.[FRESH] ??
    (services === undefined
      ? await ensureRoot(stackLayout(), onProgress, signal)
      : await ensureServices({ ...services, onProgress, signal }));
  const record = { ...made, lowers, snapshots: { [FRESH]: lowers } };
  return await bootMachine(record, onProgress, forUs === true, signal);
}

/** Free ports of this machine that lead into the stack; its own are its own. */
async function choosePorts(kind: RootKind): Promise<StackPorts> {
  const taken = new Set(
    stackNames().flatMap((name) => {
      const state = readState(name);
      if (state?.what !== 'machine') return [];
      return [state.sshPort, state.apiPort].filter((port) => port !== undefined);
    }),
  );
  const next = async (): Promise<number> => {
    const port = await freePort(taken);
    taken.add(port);
    return port;
  };
  const sshPort = await next();
  return kind === 'wazo' ? { sshPort, apiPort: await next() } : { sshPort };
}

/** Ends a stack and removes all of it: processes, mount, folder. Fine when there is none. */
export async function downReal(name: string): Promise<void> {
  if (hasTrace(name)) await withLock(lockOf(name), () => clearStack(name));
  removeEmpty();
}

/** Whether anything of a stack of that name is there, be it running or left over. */
export function hasTrace(name: string): boolean {
  return standing(name).is !== 'nothing';
}

/** The running stack of that name, or undefined. Throws as runningStack. */
export async function findReal(name: string): Promise<RealStack | undefined> {
  return await runningStack(name);
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

import path from 'node:path';
import { isAlive, type ProcessMark } from '../../support/process.ts';
import { findLeader, waitForServices, waitUntilReady, type Waiting } from './boot.ts';
import { connectNetwork } from './network.ts';
import { endNetwork } from './processes.ts';
import { standing } from './clear.ts';
import { readState, stackFolder, type MachineState, type RealStack } from './run-folder.ts';

/**
 * The running stack of that name, or undefined. One that restarted itself has another process 1, and is waited for.
 * @throws UserError `boot-failed` when such a one does not come back
 */
export async function runningStack(name: string): Promise<RealStack | undefined> {
  const state = readState(name);
  if (state?.what !== 'machine' || state.nspawn === undefined || standing(name).is !== 'running')
    return undefined;
  const { nspawn, leader } = state;
  if (leader !== undefined && isAlive(leader.pid, leader.start)) return stackOf(state, leader);
  const next = await findLeader(name, nspawn.pid);
  await endNetwork(name);
  await bringUp(state, next.pid);
  return stackOf(state, next);
}

/** Connects a stack whose process 1 runs, and waits until it is ready. Throws as upReal. */
export async function bringUp(state: MachineState, leader: number, waiting: Waiting = {}): Promise<void> {
  const { name, sshPort, apiPort } = state;
  const api = apiPort === undefined ? [] : [{ here: apiPort, there: 443 }];
  await connectNetwork(name, leader, [{ here: sshPort, there: 22 }, ...api]);
  if (state.kind === 'wazo') await waitForServices(name, leader, state.units ?? [], waiting);
  else await waitUntilReady(name, leader, sshPort);
}

/** The stack of a record, and of its process 1. */
export function stackOf(state: MachineState, leader: ProcessMark): RealStack {
  const folder = stackFolder(state.name);
  return {
    name: state.name,
    pid: leader.pid,
    rootfs: path.join(folder, 'root'),
    sshPort: state.sshPort,
    kind: state.kind ?? 'real',
    units: state.units ?? [],
    ...(state.apiPort === undefined ? {} : { apiPort: state.apiPort }),
    keyFile: path.join(folder, 'key'),
    knownHosts: path.join(folder, 'known_hosts'),
    sshConfig: path.join(folder, 'ssh_config'),
    startedAt: state.startedAt,
    folder,
  };
}

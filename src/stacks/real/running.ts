import path from 'node:path';
import { isAlive, type ProcessMark } from '../../support/process.ts';
import { findLeader, waitUntilReady } from './boot.ts';
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
  const { nspawn, leader, sshPort } = state;
  if (leader !== undefined && isAlive(leader.pid, leader.start)) return stackOf(state, leader);
  const next = await findLeader(name, nspawn.pid);
  await waitUntilReady(name, next.pid, sshPort);
  return stackOf(state, next);
}

/** The stack of a record, and of its process 1. */
export function stackOf(state: MachineState, leader: ProcessMark): RealStack {
  const folder = stackFolder(state.name);
  return {
    name: state.name,
    pid: leader.pid,
    rootfs: path.join(folder, 'root'),
    sshPort: state.sshPort,
    confgendPort: state.confgendPort,
    keyFile: path.join(folder, 'key'),
    knownHosts: path.join(folder, 'known_hosts'),
    sshConfig: path.join(folder, 'ssh_config'),
    startedAt: state.startedAt,
    folder,
  };
}

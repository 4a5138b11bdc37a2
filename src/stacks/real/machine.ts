import path from 'node:path';
import { markOf } from '../../support/process.ts';
import { giveProxies } from './proxies.ts';
import { prepareSsh } from './access.ts';
import { interrupted } from './debstrap.ts';
import { findLeader, mountRoot, startMachine } from './boot.ts';
import type { Progress } from './root.ts';
import { machineName, stackFolder, writeState, type MachineState, type RealStack } from './run-folder.ts';
import { bringUp, stackOf } from './running.ts';

/** Label of the state that `up` made. */
export const FRESH = 'fresh';

/** Boots a machine over the folders of its record, and waits until it is ready. Throws as upReal. */
export async function bootMachine(
  record: MachineState,
  onProgress: Progress,
  forUs: boolean,
  signal?: AbortSignal,
): Promise<RealStack> {
  const { name, kind = 'real', lowers = [] } = record;
  const base: MachineState = { ...record, phase: 'booting', owner: markOf(process.pid) };
  writeState(base);
  await mountRoot(name, lowers);
  await prepareSsh(name, base.sshPort);
  if (kind === 'wazo') await giveProxies(path.join(stackFolder(name), 'root'));
  const nspawn = startMachine(name, kind === 'wazo' ? 'wazo' : machineName(name));
  writeState({ ...base, nspawn });
  const leader = await findLeader(name, nspawn.pid);
  if (kind === 'wazo') onProgress(`starting ${listOf(base.units ?? [])}`);
  await bringUp(base, leader.pid, { onProgress, signal });
  if (signal?.aborted === true) throw interrupted();
  const { owner: _made, ...kept } = base;
  const running: MachineState = { ...(forUs ? base : kept), phase: 'running', nspawn, leader };
  writeState(running);
  return stackOf(running, leader);
}

function listOf(units: readonly string[]): string {
  return units.length > 4 ? `${units.length} services` : units.join(', ');
}

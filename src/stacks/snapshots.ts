/** States of a stack that it can go back to: each is the folder that it had written, kept below a new empty one. */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, UserError, usageError } from '../support/errors.ts';
import { withLock } from '../support/lock.ts';
import { isAlive, markOf, type ProcessMark } from '../support/process.ts';
import { run } from '../support/run.ts';
import { enterCommand } from './real/enter.ts';
import { FRESH, bootMachine } from './real/machine.ts';
import { mountsBelow } from './real/mounts.ts';
import { endProcesses } from './real/processes.ts';
import type { Progress } from './real/root.ts';
import {
  lockOf,
  readState,
  stackFolder,
  writeState,
  type MachineState,
  type RealStack,
} from './real/run-folder.ts';
import { standing } from './real/clear.ts';
import { makeFolders } from '../support/make-folders.ts';

/**
 * Keeps the state of a running stack under a label. The stack is shut down for it, so that its databases are whole,
 * and started again.
 * @throws UserError `usage` for a label that is none or taken, `no-stack`, and as upReal
 */
export async function takeSnapshotOf(name: string, label: string, onProgress: Progress): Promise<RealStack> {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(label)) {
    throw usageError(
      `stack snapshot ${label}: a label has lower-case letters, digits and hyphens, at most 32`,
      'For example: wdev stack snapshot with-users',
    );
  }
  return await withLock(lockOf(name), async () => {
    const state = demandRunning(name);
    const { lowers = [], snapshots = {} } = state;
    if (snapshots[label] !== undefined)
      throw usageError(
        `stack snapshot ${label}: there is one of that name`,
        `The labels are ${labelsOf(state)}.`,
      );
    onProgress('shutting the stack down');
    await shutDown(state);
    await unmountRoot(name);
    const kept = path.join(stackFolder(name), 'snapshots', label);
    makeFolders(path.dirname(kept));
    renameSync(path.join(stackFolder(name), 'upper'), kept);
    const next = [kept, ...lowers];
    return await startAgain(
      { ...state, lowers: next, snapshots: { ...snapshots, [label]: next } },
      onProgress,
    );
  });
}

/**
 * Takes a stack back to the state of a label, or to the one that `up` made. What it did since is gone.
 * @throws UserError `usage` for a label that there is not, `no-stack`, and as upReal
 */
export async function resetTo(
  name: string,
  label: string | undefined,
  onProgress: Progress,
): Promise<RealStack> {
  return await withLock(lockOf(name), async () => {
    const state = demandRunning(name);
    const lowers = state.snapshots?.[label ?? FRESH];
    if (lowers === undefined)
      throw usageError(
        `stack reset ${label}: no snapshot of that name`,
        `The labels are ${labelsOf(state)}.`,
      );
    writeState({ ...state, phase: 'ending', owner: markOf(process.pid) });
    await endProcesses(name);
    await unmountRoot(name);
    const removal = removeWritten(stackFolder(name));
    try {
      return await startAgain({ ...state, lowers }, onProgress);
    } finally {
      await removal;
    }
  });
}

/** Removes what a stack has written, while another folder takes its place. */
async function removeWritten(folder: string): Promise<void> {
  const gone = path.join(folder, 'gone');
  // one that was interrupted
  rmSync(gone, { recursive: true, force: true });
  renameSync(path.join(folder, 'upper'), gone);
  await rm(gone, { recursive: true, force: true });
}

function demandRunning(name: string): MachineState {
  const state = readState(name);
  if (state?.what === 'machine' && standing(name).is === 'running' && state.lowers !== undefined)
    return state;
  throw new UserError('no-stack', `stack ${name} is not running`, {
    exit: EXIT.unreachable,
    help: `Start it: wdev stack up --name ${name}`,
  });
}

/** The labels that `reset` takes, beside the state that `up` made. */
export function snapshotLabels(name: string): readonly string[] {
  const state = readState(name);
  return state?.what === 'machine'
    ? Object.keys(state.snapshots ?? {}).filter((label) => label !== FRESH)
    : [];
}

function labelsOf(state: MachineState): string {
  return Object.keys(state.snapshots ?? {}).join(', ');
}

/** Milliseconds that services have to end by themselves. */
const PATIENCE = 90_000;

async function shutDown(state: MachineState): Promise<void> {
  const { name, leader, nspawn } = state;
  writeState({ ...state, phase: 'ending', owner: markOf(process.pid) });
  if (leader !== undefined) await run([...enterCommand(leader.pid), 'systemctl', 'poweroff', '--no-wall']);
  if (nspawn !== undefined) await ended(nspawn);
  await endProcesses(name);
}

async function ended({ pid, start }: ProcessMark): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (isAlive(pid, start) && performance.now() < until) await sleep(30);
}

async function unmountRoot(name: string): Promise<void> {
  const folder = stackFolder(name);
  for (const mount of mountsBelow(path.join(folder, 'root'))) {
    const { status, stderr } = await run(['umount', '--lazy', mount]);
    if (status !== 0) throw new UserError('umount-failed', stderr.trim());
  }
  const work = path.join(folder, 'work');
  if (existsSync(work)) rmSync(work, { recursive: true, force: true });
}

async function startAgain(state: MachineState, onProgress: Progress): Promise<RealStack> {
  const { nspawn: _nspawn, leader: _leader, ...record } = state;
  return await bootMachine(record, onProgress, false);
}

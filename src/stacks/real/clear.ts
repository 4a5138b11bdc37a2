import { existsSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { clearDrafts, holdLock, lockOwner } from '../../support/lock.ts';
import { isAlive, markOf, type ProcessMark } from '../../support/process.ts';
import { cgroupStacks, removeCgroup } from './cgroup.ts';
import { mounts, mountsBelow, removeTree } from './mounts.ts';
import { endProcesses, stackProcesses } from './processes.ts';
import {
  STACKS,
  lockOf,
  machineName,
  readState,
  stackFolder,
  stackNames,
  stackOfMachine,
  writeState,
  type StackState,
} from './run-folder.ts';
import { standingOf, type Standing } from './standing.ts';

/** A stack of which the machine holds anything, and what it is to those who did not start it. */
export interface HeldStack {
  readonly name: string;
  readonly state: StackState | undefined;
  readonly standing: Standing;
}

/** All stacks of which the machine holds anything: a folder, mount, process or control group. Sorted by name. */
export function heldStacks(): readonly HeldStack[] {
  // what is root's cannot be seen by others
  if (process.getuid?.() !== 0) return [];
  const mounted = mounts().flatMap(({ source, at }) =>
    path.dirname(path.dirname(at)) === STACKS ? (stackOfMachine(source) ?? []) : [],
  );
  const strays = [...stackProcesses().map(({ stack }) => stack), ...mounted, ...cgroupStacks()];
  const names = [...new Set([...stackNames(), ...strays])].sort();
  return names.map((name) => held(name, true));
}

/** A stack as those see it who did not start it. */
export function standing(name: string): Standing {
  return held(name, existsSync(stackFolder(name))).standing;
}

function held(name: string, remains: boolean): HeldStack {
  const state = readState(name);
  const worker = lockOwner(lockOf(name));
  const sight = {
    state,
    worker: worker === process.pid ? undefined : worker,
    ownerLives: lives(state?.owner),
    machineLives: state?.what === 'machine' && lives(state.nspawn),
    remains,
  };
  return { name, state, standing: standingOf(sight) };
}

function lives(mark: ProcessMark | undefined): boolean {
  return mark !== undefined && isAlive(mark.pid, mark.start);
}

/** Says to who interrupted what takes seconds then. */
export const CLEARING = 'interrupted; removing what was made';

/**
 * Ends what there is of a stack and removes it, from whatever point on: each step acts on what is there. For who has
 * its lock.
 * @throws UserError `stack-stuck`, `umount-failed`
 */
export async function clearStack(name: string): Promise<void> {
  const folder = stackFolder(name);
  if (existsSync(folder)) {
    const state = readState(name) ?? { name, what: 'tools', startedAt: Date.now() };
    writeState({ ...state, phase: 'ending', owner: markOf(process.pid) });
  }
  await endProcesses(name);
  removeTraces(name);
  await removeCgroup(name);
  await removeTree(folder);
}

/** The leftovers of an nspawn that was killed. */
function removeTraces(name: string): void {
  const nspawn = '/run/systemd/nspawn';
  rmSync(path.join(nspawn, 'propagate', machineName(name)), { recursive: true, force: true });
  if (!existsSync(path.join(nspawn, 'locks'))) return;
  const root = path.join(stackFolder(name), 'root');
  if (mountsBelow(root).length === 0) return;
  const { dev, ino } = statSync(root);
  rmSync(path.join(nspawn, 'locks', `inode-${dev}:${ino}`), { force: true });
}

/**
 * Clears the stacks whose owner is gone: what a killed `up`, `down`, `rehearse` or `compat` left. Passes over those
 * that a living process is at.
 * @returns their names
 */
export async function clearLeft(): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const cleared: string[] = [];
  const isLeft = ({ standing: { is } }: HeldStack): boolean => is === 'left';
  for (const { name } of heldStacks().filter(isLeft)) {
    if (!holdLock(lockOf(name))) continue;
    try {
      if (!isLeft(held(name, true))) continue;
      await clearStack(name);
      cleared.push(name);
    } finally {
      rmSync(lockOf(name), { force: true });
    }
  }
  removeEmpty();
  return cleared;
}

/** Removes the folders of stacks once there is none. */
export function removeEmpty(): void {
  if (!existsSync(STACKS)) return;
  clearDrafts(STACKS);
  for (const name of readdirSync(STACKS)) {
    // the lock of a killed process, whose stack is gone
    const stack = /^(.*)\.lock$/.exec(name)?.[1];
    if (stack !== undefined && !existsSync(path.join(STACKS, stack)) && holdLock(path.join(STACKS, name)))
      rmSync(path.join(STACKS, name), { force: true });
  }
  for (const folder of [STACKS, path.dirname(STACKS)]) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

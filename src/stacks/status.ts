/** All stacks of this machine, and what else it holds for them. */

import path from 'node:path';
import { isAsleep, consolePid, findEmbedded, type EmbeddedStack } from './embedded.ts';
import { runningConsoles } from './embedded/consoles.ts';
import { heldStacks, type HeldStack } from './real/clear.ts';
import { mounts } from './real/mounts.ts';
import { draftRoots, type DraftRoot } from './real/root.ts';
import { apiAccess, type ApiAccess } from './wazo/access.ts';
import { snapshotLabels } from './snapshots.ts';
import { STACKS, stackFolder, type MachineState, type RealStack } from './real/run-folder.ts';
import { stackOf } from './real/running.ts';
import type { Standing } from './real/standing.ts';
import { realUrl } from './real.ts';

export interface StackStatus {
  /** Beside stacks: the build tools of a Debian release, a root that is not finished, a mount without a stack. */
  readonly kind: 'embedded' | 'real' | 'wazo' | 'tools' | 'root' | 'mount';
  readonly name: string;
  /** `ended`: it ran and ended by itself; `left`: the process that made, ended or used it is gone. */
  readonly state: 'running' | 'asleep' | 'stopped' | 'making' | 'booting' | 'ending' | 'ended' | 'left';
  readonly pid?: number;
  readonly folder: string;
  /** The process that is at it, or that it is for and goes with. */
  readonly owner?: number;
  /** The command that removes it. */
  readonly remove: string;
  /** Real stacks: how to reach them over ssh. */
  readonly url?: string;
  readonly keyFile?: string;
  readonly knownHosts?: string;
  readonly sshConfig?: string;
  /** Seconds. */
  readonly uptime?: number;
  /** With Wazo's services: their units, and the address of their APIs with a user who may do everything. */
  readonly units?: readonly string[];
  readonly api?: ApiAccess;
  /** Labels that it can be reset to, beside the state that `up` made. */
  readonly snapshots?: readonly string[];
}

/** Everything that the machine holds for stacks, those of other projects and of dead processes included. */
export function stackStatuses(project: string): readonly StackStatus[] {
  const own = findEmbedded(project);
  const others = runningConsoles().filter(({ folder }) => folder !== own?.folder);
  return [
    ...heldStacks().map(heldStatus),
    ...(own === undefined ? [] : [embeddedStatus(own)]),
    ...others.map(({ pid, folder }): StackStatus => ({
      ...embeddedBase(folder, `wdev stack down --kind embedded --cwd ${path.resolve(folder, '../..')}`),
      state: 'running',
      pid,
    })),
    ...draftRoots().map(draftStatus),
    ...strayMounts(),
  ];
}

const CLEAR = 'wdev stack down';

function heldStatus({ name, state, standing }: HeldStack): StackStatus {
  const kind = state?.what === 'tools' ? 'tools' : (state?.kind ?? 'real');
  const base = { kind, name, folder: stackFolder(name), remove: downOf(name, standing) } as const;
  switch (standing.is) {
    case 'running': {
      const machine = state as MachineState;
      const shown = machine.leader === undefined ? base : realStatus(stackOf(machine, machine.leader));
      return {
        ...shown,
        state: 'running',
        ...(standing.owner === undefined ? {} : { owner: standing.owner }),
      };
    }
    case 'busy':
      return { ...base, state: standing.phase === 'running' ? 'ended' : standing.phase, owner: standing.pid };
    case 'ended':
      return { ...base, state: 'ended' };
    case 'left':
    case 'nothing':
      return { ...base, state: 'left' };
  }
}

/** The next `down` removes what a dead process left, whatever it ends; the rest goes by its name. */
function downOf(name: string, { is }: Standing): string {
  return is === 'left' || name === 'default' ? CLEAR : `${CLEAR} --name ${name}`;
}

export function realStatus(stack: RealStack): StackStatus {
  return {
    kind: stack.kind,
    name: stack.name,
    state: 'running',
    pid: stack.pid,
    folder: stack.folder,
    remove: downOf(stack.name, { is: 'running' }),
    url: realUrl(stack),
    keyFile: stack.keyFile,
    knownHosts: stack.knownHosts,
    sshConfig: stack.sshConfig,
    uptime: Math.max(0, Math.round((Date.now() - stack.startedAt) / 1000)),
    ...(stack.kind === 'real' ? {} : servicesOf(stack)),
  };
}

function servicesOf(stack: RealStack): Partial<StackStatus> {
  const api = apiAccess(stack);
  const snapshots = snapshotLabels(stack.name);
  return {
    units: stack.units,
    ...(api === undefined ? {} : { api }),
    ...(snapshots.length === 0 ? {} : { snapshots }),
  };
}

export function embeddedStatus(stack: EmbeddedStack): StackStatus {
  const pid = consolePid(stack);
  const base = embeddedBase(stack.folder, 'wdev stack down --kind embedded');
  if (pid !== undefined) return { ...base, state: 'running', pid };
  return { ...base, state: isAsleep(stack) ? 'asleep' : 'stopped' };
}

function embeddedBase(
  folder: string,
  remove: string,
): Pick<StackStatus, 'kind' | 'name' | 'folder' | 'remove'> {
  return { kind: 'embedded', name: 'embedded', folder, remove };
}

function draftStatus({ folder, maker }: DraftRoot): StackStatus {
  const base = { kind: 'root', name: path.basename(folder, '.tmp'), folder, remove: CLEAR } as const;
  return maker === undefined ? { ...base, state: 'left' } : { ...base, state: 'making', owner: maker };
}

/** Mounts of ours elsewhere than in the folder of a stack: earlier versions made such. */
function strayMounts(): readonly StackStatus[] {
  return mounts()
    .filter(({ source, at }) => source.startsWith('wdev-') && !at.startsWith(`${STACKS}/`))
    .map(({ source, at }) => ({
      kind: 'mount',
      name: source,
      state: 'left',
      folder: at,
      remove: `umount --recursive ${at}`,
    }));
}

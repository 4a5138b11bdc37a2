import type { Phase, StackState } from './run-folder.ts';

/** All that can be seen of one stack. */
export interface Sight {
  /** Its record; undefined when there is none, or none that can be read. */
  readonly state: StackState | undefined;
  /** The living process, another than this one, that holds its lock. */
  readonly worker: number | undefined;
  /** Whether the process of `state.owner` lives. */
  readonly ownerLives: boolean;
  /** Whether the recorded nspawn lives. */
  readonly machineLives: boolean;
  /** Whether the machine holds anything of it: folder, mount, process, control group. */
  readonly remains: boolean;
}

/** A stack as those see it who did not start it. */
export type Standing =
  | { readonly is: 'nothing' }
  /** It can be used; it goes with process `owner`, if one is named. */
  | { readonly is: 'running'; readonly owner?: number }
  /** A living process is at it. */
  | { readonly is: 'busy'; readonly phase: Phase; readonly pid: number }
  /** It ran, and ended by itself: what it logged may still be of use to a person. */
  | { readonly is: 'ended' }
  /** Nobody's: the process that made, ended or used it is gone. Whoever comes by clears it. */
  | { readonly is: 'left'; readonly phase?: Phase };

/** Decides what a stack is from all that can be seen of it. Pure. */
export function standingOf({ state, worker, ownerLives, machineLives, remains }: Sight): Standing {
  const owner = state?.owner;
  const isLeft = owner !== undefined && !ownerLives;
  const ran = state?.what === 'machine' && state.phase === 'running';
  // who only looks whether it runs holds its lock too
  if (ran && machineLives && !isLeft)
    return { is: 'running', ...(owner === undefined ? {} : { owner: owner.pid }) };
  if (worker !== undefined) return { is: 'busy', phase: state?.phase ?? 'making', pid: worker };
  if (state === undefined) return remains ? { is: 'left' } : { is: 'nothing' };
  if (ran && !isLeft) return { is: 'ended' };
  if (owner === undefined || isLeft) return { is: 'left', phase: state.phase };
  return { is: 'busy', phase: state.phase, pid: owner.pid };
}

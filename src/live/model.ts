import type { EvidenceCounts } from '../effects/evidence/verify.ts';
import type { Finding } from '../findings/finding.ts';
import type { LoopEvent } from '../loop/events.ts';
import type { DiffLine } from '../support/line-diff.ts';

/** A line of a source file near a finding. */
export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
}

export interface ShownFinding extends Finding {
  readonly excerpt?: readonly ExcerptLine[];
}

/** A change of one source file since the save before; `note` says why there are no lines. */
export interface FileDiff {
  readonly file: string;
  readonly lines: readonly DiffLine[];
  readonly note?: string;
}

/** The events of the loop, and what the page adds to them. */
export type PageEvent =
  | LoopEvent
  | {
      readonly event: 'saved';
      readonly id: number;
      readonly plugin: string;
      readonly diffs: readonly FileDiff[];
    };

/** An event with its time, in milliseconds since 1970. */
export interface Told {
  readonly at: number;
  readonly event: PageEvent;
}

/** One plugin's share of a batch. */
export interface BatchPart {
  readonly plugin: string;
  /** Empty for the first batch of a session. */
  readonly files: readonly string[];
  readonly staged?: { readonly path: 'fast' | 'full'; readonly why?: string; readonly ms: number };
  readonly diffs: readonly FileDiff[];
  readonly outcome?: 'verified' | 'failed';
  readonly version?: string;
  /** From the first change to what was read back, in milliseconds. */
  readonly ms?: number;
  readonly loaded: readonly string[];
  readonly evidence?: EvidenceCounts;
  readonly findings: readonly ShownFinding[];
  /** Findings that are not shown. */
  readonly more: number;
  readonly settled: boolean;
}

export interface BatchAction {
  readonly does: string;
  readonly ok: boolean;
  /** Undefined for a roll back, which no event times. */
  readonly ms?: number;
  readonly output?: string;
}

export interface Generated {
  readonly plugin: string;
  readonly name: string;
  readonly diff: readonly string[];
  readonly ms: number;
}

/** A generated file as the target answers it. */
export interface GeneratedNow {
  readonly name: string;
  readonly text: string;
  readonly at: number;
  /** The plugins of the batch that had it generated. */
  readonly by: readonly string[];
}

/** The fate of one save, or of several at once. */
export interface BatchEntry {
  readonly is: 'batch';
  readonly id: number;
  readonly at: number;
  readonly until?: number;
  readonly parts: readonly BatchPart[];
  readonly planned: readonly string[];
  readonly because: readonly string[];
  readonly skipped: readonly string[];
  readonly actions: readonly BatchAction[];
  readonly generated: readonly Generated[];
  readonly rolledBack?: string;
}

/** A message between batches; one that waits has `until` once it waits no more. */
export interface NoteEntry {
  readonly is: 'note';
  readonly at: number;
  readonly until?: number;
  readonly text: string;
  readonly waits: boolean;
}

export type Entry = BatchEntry | NoteEntry;

export interface PagePlugin {
  readonly id: string;
  readonly live?: { readonly version: string; readonly at: number; readonly batch: number };
  readonly before?: PagePlugin['live'];
  /** The batch that failed last, unless one was verified since. */
  readonly trouble?: { readonly codes: readonly string[]; readonly at: number; readonly batch: number };
  readonly waits?: string;
  readonly isGone?: true;
  readonly isSettled: boolean;
  readonly loaded: readonly string[];
  readonly evidence?: EvidenceCounts;
  readonly warnings: readonly ShownFinding[];
}

export interface PageModel {
  readonly target: string;
  readonly startedAt: number;
  readonly plugins: readonly PagePlugin[];
  /** The oldest first; what does not fit any more is counted. */
  readonly entries: readonly Entry[];
  readonly forgotten: number;
  readonly log: readonly string[];
  /** The generated files as the target answered them last, one for each name. */
  readonly generated: readonly GeneratedNow[];
  /** Of a batch that has not begun yet. */
  readonly early: readonly (Generated & { readonly id: number })[];
  readonly stopped?: string;
}

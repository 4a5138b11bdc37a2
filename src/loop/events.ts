import type { EvidenceCounts } from '../effects/evidence/verify.ts';
import { rowOf } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import type { Tested } from '../own-tests/tested.ts';

/** The events of the loop, in order; `--json` prints them as they are, one a line. */
export type LoopEvent =
  | { readonly event: 'ready'; readonly plugins: readonly string[]; readonly target: string }
  | {
      readonly event: 'plugins';
      /** Plugins whose folder came, or came back, since `ready`. */
      readonly added: readonly string[];
      /** Plugins whose folder is gone; on the target they stay. */
      readonly gone: readonly string[];
      /** The folder, now, of each of those that came because its folder was renamed. */
      readonly moved: Readonly<Record<string, string>>;
    }
  | {
      readonly event: 'held';
      readonly reason: string;
      /** Plugins with changes that wait. */
      readonly plugins?: readonly string[];
    }
  | {
      readonly event: 'batch';
      readonly id: number;
      readonly plugin: string;
      readonly files: readonly string[];
    }
  | {
      readonly event: 'staged';
      readonly id: number;
      readonly plugin: string;
      readonly path: 'fast' | 'full';
      readonly why?: string;
      readonly ms: number;
    }
  | {
      readonly event: 'preview';
      readonly id: number;
      readonly plugin: string;
      /** The name of what was generated: `asterisk/pjsip.conf`, `records of tests/lines.txt`. */
      readonly name: string;
      /** Unified diff to the save before; empty when nothing changed in it. */
      readonly diff: readonly string[];
      readonly ms: number;
    }
  | {
      readonly event: 'plan';
      readonly id: number;
      readonly actions: readonly string[];
      readonly because: readonly string[];
      readonly skipped: readonly string[];
      /** How many files, and which of the actions, are there for which plugin. */
      readonly parts: readonly PlanPart[];
    }
  | {
      readonly event: 'action';
      readonly id: number;
      readonly do: string;
      readonly ok: boolean;
      readonly ms: number;
      readonly output?: string;
    }
  | {
      readonly event: 'verified';
      readonly id: number;
      readonly plugin: string;
      /** The live version; absent where the plugin has none, or was removed. */
      readonly version?: string;
      readonly ms: number;
      /** Things read back: contexts with their extensions, services, generated files. */
      readonly loaded: readonly string[];
      /** Files of the batch that took effect by what was read back, and those that were only placed. */
      readonly evidence: EvidenceCounts;
    }
  | {
      /** A verified batch has stood for a while: its services are still up. */
      readonly event: 'settled';
      readonly id: number;
      readonly plugins: readonly string[];
    }
  /** The plugin's own tests ran after a verified batch (`--test`); what they find rolls nothing back. */
  | ({ readonly event: 'tested'; readonly id: number } & Omit<Tested, 'tests'>)
  | {
      readonly event: 'failed';
      readonly id: number;
      readonly plugin: string;
      readonly findings: readonly Finding[];
    }
  | { readonly event: 'rolled-back'; readonly id: number; readonly live: string }
  | { readonly event: 'restored'; readonly paths: readonly string[]; readonly actions: readonly string[] }
  | { readonly event: 'log'; readonly lines: readonly string[] }
  | ({ readonly event: 'finding'; readonly plugin: string } & Finding)
  | {
      /** All warnings that stand against a plugin; told when they change, and after each save of a file with one. */
      readonly event: 'warnings';
      readonly plugin: string;
      readonly findings: readonly Finding[];
    }
  | { readonly event: 'page'; readonly address: string }
  | { readonly event: 'reported'; readonly file: string }
  | { readonly event: 'stopped'; readonly reason: 'done' | 'quit' | 'interrupted' };

/** An event whose findings say what to try next; where nothing better is known, it is the remedy of their code. */
export function withRemedies(event: LoopEvent): LoopEvent {
  if (event.event === 'finding') return withRemedy(event);
  if (event.event !== 'failed' && event.event !== 'tested') return event;
  return { ...event, findings: event.findings.map((finding) => withRemedy(finding)) };
}

function withRemedy<Told extends Finding>(finding: Told): Told {
  return finding.help === undefined ? { ...finding, help: rowOf(finding.code).fix } : finding;
}

/** The part of a plan that serves one plugin. */
export interface PlanPart {
  readonly plugin: string;
  readonly files: number;
  readonly actions: readonly string[];
  readonly skipped?: readonly string[];
}

/** Takes an event to where people or programs see it. */
export type Emit = (event: LoopEvent) => void;

/** Milliseconds as events tell them. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

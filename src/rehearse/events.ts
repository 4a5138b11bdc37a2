import type { Finding } from '../findings/finding.ts';
import type { ScriptCall } from './dpkg.ts';

/** The events of a rehearsal, in order; `--json` prints them as they are, one a line. */
export type RehearsalEvent =
  | {
      readonly event: 'ready';
      readonly plugins: readonly string[];
      readonly target: string;
      readonly standIns: readonly string[];
    }
  | {
      readonly event: 'action';
      readonly id: number;
      readonly plugin: string;
      /** `install`, `remove`, `fault: …`. */
      readonly do: string;
      readonly ok: boolean;
      readonly ms: number;
      readonly output?: string;
      readonly scripts?: readonly ScriptCall[];
    }
  | ({ readonly event: 'finding'; readonly plugin: string } & Finding)
  | {
      readonly event: 'verified';
      readonly id: number;
      readonly plugin: string;
      readonly ms: number;
      readonly loaded: readonly string[];
    }
  | {
      readonly event: 'failed';
      readonly id: number;
      readonly plugin: string;
      readonly findings: readonly Finding[];
    }
  | { readonly event: 'stopped'; readonly reason: string };

export type Emit = (event: RehearsalEvent) => void;

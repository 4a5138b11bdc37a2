import type { StepDone } from '../deploy/progress.ts';
import type { JudgedLink } from '../status/why.ts';
import type { Finding } from '../findings/finding.ts';
import type { ScriptCall } from './dpkg.ts';

/** The events of a rehearsal, in order; `--json` prints them as they are, one a line. */
export type RehearsalEvent =
  | {
      readonly event: 'ready';
      readonly plugins: readonly string[];
      readonly target: string;
      readonly standIns: readonly string[];
      /** The stack that it is another of, and whether that has a wazo-plugind. */
      readonly copyOf?: string;
      readonly plugind?: boolean;
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
      /** Of what wazo-plugind does: its steps, and whether the stack uses what came, link by link. */
      readonly steps?: readonly StepDone[];
      readonly evidence?: readonly JudgedLink[];
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

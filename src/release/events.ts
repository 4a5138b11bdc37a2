import type { Finding } from '../findings/finding.ts';

/** The steps of a release, in order. */
export type ReleaseStep = 'check' | 'tests' | 'package' | 'rehearsal' | 'commit' | 'tag' | 'push';

/** The events of a release, in order; `--json` prints them as they are, one a line. */
export type ReleaseEvent =
  | {
      readonly event: 'planned';
      readonly plugin: string;
      readonly from: string;
      readonly version: string;
      readonly branch: string;
      readonly changes: readonly string[];
      /** The files that are written or removed. */
      readonly files: readonly string[];
    }
  | {
      readonly event: 'step';
      readonly do: ReleaseStep;
      /** Undefined: not done, and `note` says why. */
      readonly ok?: boolean;
      readonly ms?: number;
      readonly note?: string;
      readonly output?: string;
    }
  | ({ readonly event: 'finding'; readonly plugin: string } & Finding)
  | {
      readonly event: 'released';
      readonly plugin: string;
      readonly version: string;
      readonly commit: string;
      readonly tag: string;
      readonly deb: string;
      readonly sha256: string;
      readonly pushed: boolean;
      /** The command that pushes it; absent without a remote. */
      readonly push?: string;
    };

import type { Finding } from '../findings/finding.ts';
import type { JudgedLink } from '../status/why.ts';

/** The events of a deployment, in order; `--json` prints them as they are, one a line. */
export type DeployEvent =
  | {
      readonly event: 'planned';
      readonly do: 'install' | 'remove';
      readonly plugin: string;
      readonly target: string;
      readonly version: string;
      /** The version that is there now; null for none. */
      readonly installed: string | null;
      readonly wazo: string | null;
      readonly url?: string;
      readonly ref?: string;
      readonly commit?: string;
    }
  /** A step began. */
  | { readonly event: 'begun'; readonly step: string }
  /** A step ended. */
  | { readonly event: 'step'; readonly step: string; readonly ok: boolean; readonly ms: number }
  /** Something that cannot be known, and why. */
  | { readonly event: 'unseen'; readonly reason: string }
  | ({ readonly event: 'finding'; readonly plugin: string } & Finding)
  /** The proof of the result: links as `wdev why` has them. */
  | { readonly event: 'evidence'; readonly links: readonly JudgedLink[] }
  | {
      readonly event: 'deployed' | 'removed';
      readonly plugin: string;
      readonly version: string;
      readonly ms: number;
      /** Whether what was installed is seen in use; false where it could not be checked. */
      readonly proven: boolean;
    }
  | {
      readonly event: 'failed';
      readonly plugin: string;
      readonly step: string;
      readonly ms: number;
      readonly findings: readonly Finding[];
    };

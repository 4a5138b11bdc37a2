import type { PluginKind } from '../kinds/plugin.ts';
import type { Level } from '../findings/finding.ts';
import type { GitHead } from '../git/head.ts';
import type { Subject } from './subject.ts';

/** What a rule looks at: a change of other files alone cannot change its findings. */
export type Area = 'manifest' | 'rules' | 'packaging' | 'python' | 'confd' | 'files' | 'dialplan';

/** A change that mends a finding: text between two offsets of a file, or its mode. */
export type Edit =
  | { readonly file: string; readonly start: number; readonly end: number; readonly text: string }
  | { readonly file: string; readonly mode: number };

/** One place where a rule is broken. */
export interface Hit {
  /** One sentence that says what stands there and what comes of it. */
  readonly message: string;
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The next thing to try; the rule's `fix` unless told. */
  readonly help?: string | undefined;
  /** The rule's level unless told. */
  readonly level?: Level | undefined;
  readonly fix?: readonly Edit[] | undefined;
}

/** A small plugin that breaks the rule, or keeps it: shown by `--explain`, and tested. */
export interface Example {
  /** What stands in for the files of a sound plugin; null takes a file away. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly modes?: Readonly<Record<string, number>>;
  /** What a second plugin has in place of the sound plugin's files. */
  readonly beside?: Readonly<Record<string, string | null>>;
  /** The lines that matter, as `--explain` prints them. */
  readonly shown: string;
  /** `stack` unless told. */
  readonly kind?: PluginKind;
  readonly engine?: string;
  readonly debian?: number;
  readonly git?: GitHead;
  /** The machine has no Python. */
  readonly withoutPython?: true;
}

export interface Rule {
  readonly code: string;
  readonly level: Level;
  readonly area: Area;
  /** What is wrong, in one sentence. */
  readonly title: string;
  /** What comes of it, and when it is no harm. */
  readonly why: string;
  /** The contract that it breaks, and whose it is. */
  readonly source: string;
  /** How many of the 126 public plugins surveyed in July 2026 have it; undefined when it was not counted. */
  readonly seen?: number;
  /** How to mend it. */
  readonly fix: string;
  readonly bad: Example;
  readonly good: Example;
  /** The kinds of plugins that it is asked about; all of them unless told. */
  readonly kinds?: readonly PluginKind[];
  /** It needs what Python says of the Python files. */
  readonly needsPython?: true;
  readonly check: (subject: Subject) => readonly Hit[];
  /** What it finds in a plugin beside others of the same run. */
  readonly compare?: (subject: Subject, others: readonly Subject[]) => readonly Hit[];
}

/** Public plugins behind the figures. Source: a survey of repositories with wazo/plugin.yml, July 2026. */
const SURVEYED = 126;

/** "15 of 126 public plugins (12%)". */
export function seenText(rule: Rule): string | undefined {
  if (rule.seen === undefined) return undefined;
  return `${rule.seen} of ${SURVEYED} public plugins (${Math.round((rule.seen * 100) / SURVEYED)}%)`;
}

import type { PluginKind } from '../kinds/plugin.ts';
import type { RuleCode } from '../findings/catalogue.ts';
import type { Level, Row } from '../findings/row.ts';
import type { GitHead } from '../git/head.ts';
import type { Subject } from './subject.ts';

/** The files that a rule reads: a change of other files alone cannot change its findings. */
export type Area = 'manifest' | 'rules' | 'packaging' | 'python' | 'confd' | 'files' | 'dialplan';

/** The facts beside the plugin on which a verdict can depend: the Wazo version, the Debian release. */
export type CompatArea = 'engine' | 'debian';

/** A change that fixes a finding: text between two offsets of a file, its mode, or its name. */
export type Edit =
  | { readonly file: string; readonly start: number; readonly end: number; readonly text: string }
  | { readonly file: string; readonly mode: number }
  | { readonly file: string; readonly to: string };

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
  /** Replacements of files of a sound plugin; null removes a file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly modes?: Readonly<Record<string, number>>;
  /** Symbolic links, with their texts. */
  readonly links?: Readonly<Record<string, string>>;
  /** Replacements of files in a second plugin. */
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

/** A dialplan file that has a fault, and the same put right. */
export interface DialplanExample {
  readonly bad: string;
  readonly good: string;
}

/** The addition of `check` to a row of the catalogue of findings: when it holds, and two examples. */
export interface RuleCheck {
  readonly area: Area;
  /** The verdict depends on the Wazo version or on the Debian release: `wdev compat` asks these rules. */
  readonly compat?: CompatArea;
  readonly bad: Example;
  readonly good: Example;
  /** The kinds of plugins that it is asked about; all of them unless told. */
  readonly kinds?: readonly PluginKind[];
  /** It needs what Python says of the Python files. */
  readonly needsPython?: true;
  readonly check: (subject: Subject) => readonly Hit[];
  /** Finds faults of a plugin beside others of the same run. */
  readonly compare?: Comparison;
}

/** Something of a plugin that no second one may have. */
export interface Shared extends Pick<Hit, 'file' | 'line' | 'column'> {
  /** As a message names it. */
  readonly name: string;
  /** Of several with this word, one is told for each other plugin; that is its key unless told. */
  readonly once?: string;
}

/** How plugins of one run get into each other's way. */
export interface Comparison {
  /** Key → what a plugin has under it; two with one key are a fault of the later one. */
  readonly shared: (subject: Subject) => ReadonlyMap<string, Shared>;
  readonly message: (other: Subject, own: Shared, theirs: Shared) => string;
}

/** The rules of one file, by their codes. */
export type RuleChecks = Partial<Readonly<Record<RuleCode, RuleCheck>>>;

/** A rule as a whole. */
export interface Rule extends Row, RuleCheck {
  readonly code: RuleCode;
}

/** Public plugins behind the figures. Source: a survey of repositories with wazo/plugin.yml, July 2026. */
const SURVEYED = 126;

/** "15 of 126 public plugins (12%)". */
export function seenText(rule: Row): string | undefined {
  if (rule.seen === undefined) return undefined;
  return `${rule.seen} of ${SURVEYED} public plugins (${Math.round((rule.seen * 100) / SURVEYED)}%)`;
}

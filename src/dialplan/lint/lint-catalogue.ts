import type { Level } from '../../findings/finding.ts';
import type { Place } from '../read/place.ts';
import { CALL_RULES } from './lint-catalogue-calls.ts';
import { LOAD_RULES } from './lint-catalogue-load.ts';

/** One fault of a dialplan, in words for a person. */
export interface DialplanRule {
  readonly code: string;
  readonly level: Level;
  /** `{name}` stands for a part that varies. */
  readonly sentence: string;
  /** The next thing to try. */
  readonly help: string;
  /** Why it matters on a running stack. */
  readonly explanation: string;
  /** A file that has it, and the same put right. */
  readonly bad: string;
  readonly good: string;
  readonly source?: string;
}

/** The codes that our own rules add to those of Asterisk's rejections. */
export type LintCode = (typeof CALL_RULES)[number]['code'];

/** Takes a finding of the linter, at a place. */
export type Add = (code: LintCode, place: Place | undefined, values?: Record<string, string>) => void;

export const CATALOGUE: ReadonlyMap<string, DialplanRule> = new Map(
  [...LOAD_RULES, ...CALL_RULES].map((rule) => [rule.code, rule]),
);

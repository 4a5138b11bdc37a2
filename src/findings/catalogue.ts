import { COMPAT } from './compat.ts';
import { DEPLOY } from './deploy.ts';
import { DIALPLAN_CALLS } from './dialplan-calls.ts';
import { DIALPLAN_LOAD } from './dialplan-load.ts';
import { DIALPLAN_REST } from './dialplan-rest.ts';
import { MANIFEST } from './manifest.ts';
import { MARKET_FINDINGS } from './market.ts';
import { OWN_TESTS } from './own-tests.ts';
import { PACKAGE } from './package.ts';
import { PLUGIN_FILES } from './plugin-files.ts';
import { PREVIEW } from './preview.ts';
import { PYTHON } from './python.ts';
import { REHEARSE } from './rehearse.ts';
import type { MetRow, Row } from './row.ts';
import { RULES_EFFECTS } from './rules-effects.ts';
import { RULES_STEPS } from './rules-steps.ts';
import { SIMULATE } from './simulate.ts';
import { TARGET_FINDINGS } from './target.ts';
import { TEMPLATES } from './templates.ts';

/** Complaints of Asterisk at a load that the linter makes beforehand, and those that it adds. */
export type LintedRejection = keyof typeof DIALPLAN_LOAD;
export type LintCode = keyof typeof DIALPLAN_CALLS;

/** Findings of rules of `wdev check`: each has a check and two examples (src/check/rules). */
export const RULE_ROWS = {
  ...MANIFEST,
  ...RULES_STEPS,
  ...RULES_EFFECTS,
  ...PYTHON,
  ...PLUGIN_FILES,
  ...COMPAT,
  ...DIALPLAN_LOAD,
  ...DIALPLAN_CALLS,
};

export type RuleCode = keyof typeof RULE_ROWS;

/** Findings that commands meet while they work: a test makes each happen (test/findings). */
export const MET_ROWS = {
  ...PACKAGE,
  ...OWN_TESTS,
  ...REHEARSE,
  ...PREVIEW,
  ...SIMULATE,
  ...TEMPLATES,
  ...TARGET_FINDINGS,
  ...DEPLOY,
  ...MARKET_FINDINGS,
  ...DIALPLAN_REST,
};

export type MetCode = keyof typeof MET_ROWS;

/** Every code that any command can print. */
export type FindingCode = RuleCode | MetCode;

const ALL: Readonly<Record<FindingCode, Row>> = { ...RULE_ROWS, ...MET_ROWS };

export function isCode(text: string): text is FindingCode {
  return Object.hasOwn(ALL, text);
}

export function isMet(code: FindingCode): code is MetCode {
  return Object.hasOwn(MET_ROWS, code);
}

export function rowOf(code: FindingCode): Row {
  return ALL[code];
}

/** The title, without the names of its parts that vary. */
export function titleOf(code: FindingCode): string {
  return ALL[code].title.replaceAll(/\{\w+\}/g, '…');
}

export function metRowOf(code: MetCode): MetRow {
  return MET_ROWS[code];
}

export const CODES = Object.keys(ALL) as readonly FindingCode[];

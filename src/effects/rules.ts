import type { Finding } from '../findings/finding.ts';
import { branchLine } from '../readers/shell/rules-text.ts';
import type { StagedTree } from '../stage/tree.ts';
import { quote, quoteAll } from '../support/quote.ts';
import { logPath } from '../wazo/services.ts';
import type { PlannedEffect } from './change.ts';
import { judgeProgram } from './evidence/program.ts';
import { type EffectModule, type EffectOutcome, type Evidence, type Judged, type Step } from './module.ts';
import { ownRestarts } from './own-restarts.ts';

const COMMAND = 'wazo/rules install';

/** The installed path of a plugin's rules. Source: wazo-plugind, packaging step. */
export function rulesPath(id: string): string {
  return `/usr/lib/wazo-plugind/plugins/${id}/wazo/rules`;
}

/** The plugin's own `rules install`. */
export const RULES: EffectModule<'rules'> = {
  label: () => COMMAND,
  rank: () => 0,
  refusal: (_effect, { runsRules }) =>
    runsRules ? undefined : 'not run on your machine; use --target stack',
  script,
  answer: ({ text }) => ({ auditBefore: text('before') ?? '', auditAfter: text('after') ?? '' }),
  judge,
  undo: {
    // a plugin that goes is not installed again
    removal: () => undefined,
    isRepeated: false,
    recovery: () => undefined,
  },
  disturbsCalls: true,
  isOwnProgram: true,
};

/** Runs rules, between two audits of the package database: they may install what they need. */
function script({ plugins, all, section }: Step<'rules'>): string {
  const run = plugins.map((id) => `{ wdev_rules ${quote(rulesPath(id))} install; } 2>&1`).join(' && ');
  return [
    `${beforeRules(all)}${section('before')}; wdev_audit`,
    `${section('effect')}; ${run}`,
    `__rc=$?; ${section('after')}; wdev_audit; wdev_status "$__rc"`,
  ].join('; ');
}

/** Remembers, before rules run, the signs by which it shows afterwards that they restarted a unit of the plan. */
function beforeRules(all: readonly PlannedEffect[]): string {
  const units = ownRestarts(all);
  if (units.length === 0) return '';
  const logs = units.map((unit) => `wdev_log_from "$R"${quote(logPath(unit))}; `);
  return `wdev_before_rules ${quoteAll(units)}; ${logs.join('')}`;
}

function judge(outcome: EffectOutcome<'rules'>, { tree }: Judged): Evidence {
  const place = rulesPlace(tree, outcome.output);
  const failed = judgeProgram(COMMAND, 'rules-install-failed', outcome, place);
  return { findings: [...failed, ...unfinishedPackages(outcome, place)], loaded: [] };
}

/** Packages that are half installed or not configured since rules ran, whatever their exit status says. */
function unfinishedPackages(
  { auditBefore, auditAfter }: EffectOutcome<'rules'>,
  place: Partial<Finding>,
): readonly Finding[] {
  const names = (text: string): readonly string[] =>
    [...text.matchAll(/^ ([a-z0-9][^\s:]*)/gm)].map(([, name = '']) => name);
  const known = new Set(names(auditBefore));
  const left = names(auditAfter).filter((name) => !known.has(name));
  if (left.length === 0) return [];
  const finding: Finding = {
    code: 'packages-unfinished',
    level: 'error',
    message: `${COMMAND} left ${left.join(', ')} half installed on the target`,
    ...place,
    help: 'On the target, run dpkg --audit for the reason; dpkg --configure -a tries again.',
    source: 'dpkg, package database',
  };
  return [finding];
}

/** The line that the shell complains about, or where rules begin with the command. */
function rulesPlace(tree: StagedTree, output: string): Partial<Finding> {
  const file = 'wazo/rules';
  const text = [...tree.values()].find(({ source }) => source === file)?.bytes.toString('utf8') ?? '';
  const said = /\/wazo\/rules: (?:line )?(\d+): /.exec(output)?.[1];
  const line = said === undefined ? branchLine(text, 'install') : Number(said);
  return line === undefined ? { file } : { file, line };
}

import { isError, type Finding } from '../../findings/finding.ts';
import { branchLine } from '../../readers/shell/rules-text.ts';
import { serviceOf } from '../../wazo/services.ts';
import type { Change } from '../plan.ts';
import { BY_RULES, NOTED } from '../effect-script.ts';
import type { EffectOutcome } from '../outcomes.ts';
import type { StagedTree } from '../../stage/tree.ts';
import { showsByContext } from '../context-shows.ts';
import { judgeConsole } from './console.ts';
import { judgeDialplan, type GlobCounts } from './dialplan.ts';
import { fileVerdict, type FilesOutcome } from './files.ts';
import { judgePjsip } from './pjsip.ts';
import { readServiceLog, tracebackPlace } from './service-log.ts';

/** What came of one plugin's part in a batch. */
export interface Verdict {
  readonly plugin: string;
  readonly findings: readonly Finding[];
  /** What was read back, for people: `xivo-extrafeatures: ***42`. */
  readonly loaded: readonly string[];
}

/** What became of a batch: of its files, and of each effect that was run. */
export interface BatchOutcome extends FilesOutcome {
  readonly outcomes: readonly EffectOutcome[];
}

/**
 * Judges a batch from what was read back, never from an exit status alone. `counts` tells the length of
 * files that Asterisk reads before the plugin's in one glob.
 */
export function verifyBatch(
  changes: readonly Change[],
  result: BatchOutcome,
  counts: GlobCounts,
): readonly Verdict[] {
  const outcomes = result.outcomes.map((outcome) => ({ ...outcome, shows: showsByContext(outcome.shows) }));
  return changes.map((change) => {
    const id = change.plugin.id;
    const parts = [fileVerdict(change, changes, result)];
    for (const outcome of outcomes) {
      const concerns = outcome.planned.plugins.includes(id);
      if (concerns || outcome.planned.effect.do === 'console')
        parts.push(judge(change, outcome, counts, concerns));
      if (concerns) parts.push(judgePjsip(outcome, outcomes));
    }
    return {
      plugin: id,
      findings: unique(parts.flatMap(({ findings }) => findings)),
      loaded: parts.flatMap(({ loaded }) => loaded),
    };
  });
}

export function failed(verdict: Verdict): boolean {
  return verdict.findings.some(isError);
}

const MISSING = 'dialplan-not-loaded';

/**
 * The plugins of a batch that failed by themselves. Where Asterisk stops in the file of one, it does not come to
 * those of others: what they only lack says nothing of them until they are brought without it.
 */
export function guiltyOf(verdicts: readonly Verdict[]): readonly Verdict[] {
  const guilty = verdicts.filter(failed);
  const codes = ({ findings }: Verdict): readonly string[] =>
    findings.filter(isError).map(({ code }) => code);
  const isStopped = guilty.some((verdict) =>
    codes(verdict).some((code) => code.startsWith('dialplan-') && code !== MISSING),
  );
  return isStopped ? guilty.filter((verdict) => codes(verdict).some((code) => code !== MISSING)) : guilty;
}

interface Part {
  readonly findings: readonly Finding[];
  readonly loaded: readonly string[];
}

function judge(change: Change, outcome: EffectOutcome, counts: GlobCounts, concerns: boolean): Part {
  const { effect } = outcome.planned;
  switch (effect.do) {
    case 'console':
      if (effect.command === 'dialplan reload') return judgeDialplan(change.tree, outcome, counts, concerns);
      return concerns
        ? judgeConsole(change.tree, effect.command, outcome, counts)
        : { findings: [], loaded: [] };
    case 'restart':
      return judgeRestart(change.tree, effect.unit, outcome);
    case 'generate':
      return judgeGenerated(change.tree, `${effect.resource}/${effect.filename}`, outcome);
    case 'call-logger':
      return judgeCallLogger(change, outcome);
    case 'command':
      return judgeProgram(effect.argv.join(' '), 'command-failed', outcome, {});
    case 'rules':
      return judgeRules(change.tree, outcome);
    case 'nothing':
    case 'ask':
      return { findings: [], loaded: [] };
  }
}

function judgeRestart(tree: StagedTree, unit: string, outcome: EffectOutcome): Part {
  const logged = readServiceLog(outcome.log, tree);
  if (outcome.status === 0)
    return { findings: logged, loaded: logged.length === 0 ? [`${unit}${lifeOf(unit, outcome)}`] : [] };
  const down: Finding = {
    code: 'service-down',
    level: 'error',
    message: `${unit} is not up after its restart${detail(outcome.output)}`,
    ...tracebackPlace(outcome.log, tree),
    help: `See wdev logs ${unit}, or journalctl -u ${unit} on the target.`,
  };
  return { findings: [...logged, down], loaded: [] };
}

/** What was seen of a restarted service. */
function lifeOf(unit: string, { output }: EffectOutcome): string {
  if (output.includes(NOTED)) return `: ${NOTED}`;
  const life = serviceOf(unit)?.port === undefined ? 'runs' : 'answers';
  return ` ${life}${output.includes(BY_RULES) ? `, ${BY_RULES}` : ''}`;
}

function judgeGenerated(tree: StagedTree, name: string, outcome: EffectOutcome): Part {
  const logged = readServiceLog(outcome.log, tree);
  if (logged.length > 0) return { findings: logged, loaded: [] };
  if (outcome.status !== 0 || outcome.output.trim() === '') {
    const finding: Finding = {
      code: 'confgend-empty',
      level: 'error',
      message: `wazo-confgen ${name} answered nothing${detail(outcome.output)}`,
      ...tracebackPlace(outcome.log, tree),
      help: 'Is the driver enabled in conf.d under this very name, and does generate() return text?',
    };
    return { findings: [finding], loaded: [] };
  }
  if (!outcome.fresh) {
    const finding: Finding = {
      code: 'confgend-stale',
      level: 'error',
      message: `wazo-confgen ${name} answered with its cached text: the driver made nothing new`,
      help: 'See the log of wazo-confgend: generate() may have raised, or returned nothing.',
      source: 'wazo-confgend, content cache',
    };
    return { findings: [finding], loaded: [] };
  }
  const lines = outcome.output.trimEnd().split('\n').length;
  const news = outcome.output === outcome.before ? 'as before' : 'new text';
  return { findings: [], loaded: [`${name}: ${lines} line${lines === 1 ? '' : 's'} generated, ${news}`] };
}

function judgeCallLogger({ tree, plugin }: Change, outcome: EffectOutcome): Part {
  const said = outcome.output.trim().split('\n').at(-1) ?? '';
  if (outcome.status === 0) return { findings: [], loaded: [said] };
  // the checkers' own words: see check-call-logger.py and check-launcher.py
  const isOfSettings = /has no settings|the environment chooses|no such setting/.test(said);
  const file = isOfSettings ? plugin.callLogger?.settings : plugin.callLogger?.module;
  const finding: Finding = {
    code: 'call-logger-import-failed',
    level: 'error',
    message: `The call logger could not take the plugin: ${said}`,
    ...(file === undefined ? {} : { file }),
    ...tracebackPlace(outcome.output, tree),
    source: 'quartx_call_logger 0.1, plugin discovery',
  };
  return { findings: [finding], loaded: [] };
}

function judgeProgram(name: string, code: string, outcome: EffectOutcome, place: Partial<Finding>): Part {
  if (outcome.status === 0) return { findings: [], loaded: [] };
  const finding: Finding = {
    code,
    level: 'error',
    message: `${name} ended with exit status ${outcome.status} on the target${detail(outcome.output)}`,
    ...place,
  };
  return { findings: [finding], loaded: [] };
}

function judgeRules(tree: StagedTree, outcome: EffectOutcome): Part {
  const place = rulesPlace(tree, outcome);
  const { findings } = judgeProgram('wazo/rules install', 'rules-install-failed', outcome, place);
  return { findings: [...findings, ...unfinishedPackages(outcome, place)], loaded: [] };
}

/** Packages that are half installed or not configured since rules ran, whatever their exit status says. */
function unfinishedPackages({ before, log }: EffectOutcome, place: Partial<Finding>): readonly Finding[] {
  const names = (text: string): readonly string[] =>
    [...text.matchAll(/^ ([a-z0-9][^\s:]*)/gm)].map(([, name = '']) => name);
  const known = new Set(names(before));
  const left = names(log).filter((name) => !known.has(name));
  if (left.length === 0) return [];
  const finding: Finding = {
    code: 'packages-unfinished',
    level: 'error',
    message: `wazo/rules install left ${left.join(', ')} half installed on the target`,
    ...place,
    help: 'On the target: dpkg --audit tells why, dpkg --configure -a tries again.',
    source: 'dpkg, package database',
  };
  return [finding];
}

/** The line that the shell complains about, or where rules begin with the command. */
function rulesPlace(tree: StagedTree, { output }: EffectOutcome): Partial<Finding> {
  const file = 'wazo/rules';
  const text = [...tree.values()].find(({ source }) => source === file)?.bytes.toString('utf8') ?? '';
  const said = /\/wazo\/rules: (?:line )?(\d+): /.exec(output)?.[1];
  const line = said === undefined ? branchLine(text, 'install') : Number(said);
  return line === undefined ? { file } : { file, line };
}

function detail(output: string): string {
  const last = output.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last}`;
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

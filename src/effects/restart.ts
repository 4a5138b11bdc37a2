import type { Finding } from '../findings/finding.ts';
import { readable } from '../stage/tree.ts';
import { quote, quoteAll } from '../support/quote.ts';
import type { Effect } from '../wazo/effect.ts';
import { isCalledAtStart, logPath, serviceOf } from '../wazo/services.ts';
import { lastLine } from './evidence/program.ts';
import { endOf } from './evidence/end-place.ts';
import { ofUnit } from './evidence/of-unit.ts';
import { readJournal, readServiceLog, unreadServiceLog } from './evidence/service-log.ts';
import { readUnitEnd } from './evidence/unit-end.ts';
import { type EffectModule, type EffectOutcome, type Evidence, type Judged, type Step } from './module.ts';
import { NOT_DONE, notEmbedded } from './not-done.ts';
import { ownRestarts } from './own-restarts.ts';
import { readUnit } from './unit-state.ts';

/** Printed by a restart that was left to the plugin's own rules, and by one that no service received (services.sh). */
const BY_RULES = 'restarted by wazo/rules install';
export const LEFT_STOPPED = 'it is stopped on the target, and was left so';

/** So many files are compared with a service's process; comparing more takes as long as another restart. */
const MOST_COMPARED = 500;

/** The restart of a systemd unit. */
export const RESTART: EffectModule<'restart'> = {
  label: ({ unit }) => `restart ${unit}`,
  rank: ({ unit }) => 100 + (serviceOf(unit)?.rank ?? 90),
  refusal: ({ unit }, { units }) => {
    if (units === undefined) return 'the target has no systemd';
    return units.has(unit) ? undefined : `${unit} is not on the target`;
  },
  script,
  answer: ({ text }) => {
    const came = text('came');
    return {
      log: text('log') ?? '',
      journal: text('journal') ?? '',
      ended: text('ended') ?? '',
      came: came === undefined ? undefined : { state: readUnit(came), logEnd: text('end')?.trim() ?? '' },
    };
  },
  judge,
  proves: ({ status, output, log }) =>
    status === 0 &&
    !output.includes(NOT_DONE) &&
    !output.includes(LEFT_STOPPED) &&
    unreadServiceLog(log) === undefined,
  undo: {
    removal: (effect) => effect,
    isRepeated: true,
    recovery: ({ unit }) => `systemctl restart ${quote(unit)}`,
  },
  disturbsCalls: true,
  inScripts: {
    isDoneBy: ({ unit }, called) => {
      const names = called.split(/\s+/).map((word) => word.replace(/\.service$/, ''));
      const acts = /^(?:try-)?restart$|^(?:force-)?reload|^stop$|^reload-or-restart$/;
      return names.some((word) => acts.test(word)) && names.includes(unit);
    },
    title: ({ unit }) => `a restart of ${unit}`,
    text: ({ unit }) => unit,
  },
};

function script(step: Step<'restart'>): string {
  const { unit } = step.effect;
  const log = `"$R"${quote(logPath(unit))}`;
  const hasPort = serviceOf(unit)?.port === undefined ? 'no' : 'yes';
  return [
    ...together(step),
    `if wdev_stopped ${quote(unit)}; then wdev_log_from ${log}; echo ${quote(LEFT_STOPPED)}; else { { ${unlessByRules(step)}wdev_together ${quote(unit)} || { wdev_log_from ${log}; wdev_restart ${quote(unit)}; }; } && wdev_await ${quote(unit)} ${hasPort}; } 2>&1; fi`,
    `__rc=$?; ${step.section('came')}; printf '%s\\n' "$__shown"`,
    // before the log is read: rather twice than not at all
    `${step.section('end')}; [ -n "$__helper" ] || wdev_log_end ${log}`,
    `${step.section('log')}; wdev_log ${log}; ${step.section('journal')}; wdev_journal "$__rc" ${quote(unit)}; [ "$__rc" = 0 ] || { ${step.section('ended')}; wdev_ended ${quote(unit)}; }; wdev_status "$__rc"`,
  ].join('; ');
}

/** Before the first of several restarts that need not wait for each other: all of them begin. */
function together({ effect, all }: Step<'restart'>): readonly string[] {
  if (ownRestarts(all).length > 0) return [];
  const at = all.findIndex((planned) => planned.effect === effect);
  if (at > 0 && isFree(all[at - 1]?.effect)) return [];
  const rest = all.slice(at).map((planned) => planned.effect);
  const end = rest.findIndex((other) => !isFree(other));
  const units = rest
    .slice(0, end < 0 ? rest.length : end)
    .flatMap((one) => ('unit' in one ? [one.unit] : []));
  return units.length < 2
    ? []
    : [`wdev_restart_together ${quoteAll(units.flatMap((one) => [one, logPath(one)]))}`];
}

/** Whether it is the restart of a service that no other one calls when it starts. */
function isFree(effect: Effect | undefined): boolean {
  return effect?.do === 'restart' && !isCalledAtStart(effect.unit);
}

/** Goes before the restart; empty where rules can't have done it. */
function unlessByRules({ effect: { unit }, plugins, all, changes }: Step<'restart'>): string {
  if (!ownRestarts(all).includes(unit)) return '';
  const files = changes
    .filter(({ plugin }) => plugins.includes(plugin.id))
    .flatMap(({ tree }) => [...tree.values()].filter(readable));
  if (files.length > MOST_COMPARED) return '';
  const words = quoteAll([unit, ...files.map((file) => file.path)]);
  return `{ wdev_by_rules ${words}${isCalledAtStart(unit) ? ' && wdev_called_at_start' : ''} && echo ${quote(BY_RULES)}; } || `;
}

function judge(outcome: EffectOutcome<'restart'>, judged: Judged): Evidence {
  const { tree } = judged;
  const { unit } = outcome.effect;
  const said = `${outcome.log}\n${outcome.journal}`;
  const told = [...readServiceLog(outcome.log, tree, judged), ...readJournal(outcome.journal, tree)];
  const logged = ofUnit(unit, told);
  if (outcome.output.includes(LEFT_STOPPED)) return { findings: [leftStopped(unit)], loaded: [] };
  if (outcome.status === 0) {
    const note = unreadServiceLog(outcome.log);
    const life = `${lifeOf(outcome)}${note === undefined ? '' : `; ${note}`}`;
    // what another plugin is told of is no fault of this one
    const isWell = logged.every(({ level }) => level === 'warning');
    return { findings: logged, loaded: isWell ? [life] : [] };
  }
  const facts = { end: readUnitEnd(outcome.ended), before: judged.before };
  const down: Finding = {
    code: 'service-down',
    level: 'error',
    ...endOf(`${unit} is not up after its restart${lastLine(outcome.output)}`, said, tree, unit, facts),
  };
  return { findings: ofUnit(unit, [...logged, down]), loaded: [] };
}

function leftStopped(unit: string): Finding {
  return {
    code: 'service-stopped',
    level: 'info',
    message: `${unit} is stopped on the target, so wdev could not check that it loads the plugin`,
    help: `Start it: systemctl start ${unit}`,
  };
}

/** The signs of life of a restarted service. */
function lifeOf({ effect: { unit }, output }: EffectOutcome<'restart'>): string {
  if (output.includes(NOT_DONE)) return `not restarted: ${notEmbedded(unit)}`;
  const life = serviceOf(unit)?.port === undefined ? 'runs' : 'answers';
  return `${unit} ${life}${output.includes(BY_RULES) ? `, ${BY_RULES}` : ''}`;
}

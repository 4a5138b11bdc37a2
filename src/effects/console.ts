import { quote } from '../support/quote.ts';
import type { Effect } from '../wazo/effect.ts';
import { showSteps, showsByContext } from './context-shows.ts';
import { judgeConsole, NOTED } from './evidence/console.ts';
import { hasDialplan, isRead, judgeDialplan } from './evidence/dialplan.ts';
import { isLogged, unreadNote } from './evidence/log-channels.ts';
import { judgePjsip } from './evidence/pjsip.ts';
import { type EffectModule, type EffectOutcome, type Evidence, type Judged, type Step } from './module.ts';
import { givenScript, makesPjsip, reloadsPjsip } from './pjsip.ts';

const DIALPLAN_RELOAD = 'dialplan reload';

/** Whether it makes Asterisk read its dialplan again. */
export function isDialplanReload(effect: Effect): boolean {
  return effect.do === 'console' && effect.command === DIALPLAN_RELOAD;
}

/** A command of Asterisk's console. */
export const CONSOLE: EffectModule<'console'> = {
  label: ({ command }) => command,
  rank: (effect) => (isDialplanReload(effect) ? 999 : 400),
  refusal: (_effect, { hasAsterisk }) => (hasAsterisk ? undefined : 'there is no Asterisk on the target'),
  script,
  answer: ({ text, words }) => ({
    log: text('log') ?? '',
    shows: showsByContext(words('show')),
    pjsip: text('pjsip'),
    isLogged: isLogged(text('log'), text('channels')),
  }),
  judge,
  proves: ({ effect, isLogged: hasLog, log, output }, path, tree) =>
    isDialplanReload(effect)
      ? isRead(path, tree)
      : hasLog &&
        unreadNote(log) === undefined &&
        // what a driver makes is proved by the text that wazo-confgend answers
        !(output.includes(NOTED) && path.startsWith('/etc/asterisk/')),
  // Asterisk reads the dialplan of everyone anew
  concernsOthers: (effect, tree) => isDialplanReload(effect) && hasDialplan(tree),
  undo: {
    removal: (effect) => effect,
    isRepeated: true,
    recovery: ({ command }) => `asterisk -rx ${quote(command)}`,
  },
  inScripts: {
    isDoneBy: ({ command }, called) => isAsked(command, called),
    title: ({ command }) => `\`asterisk -rx '${command}'\``,
    text: ({ command }) => command,
  },
};

function script(step: Step<'console'>): string {
  const { effect, contexts, section, places, all } = step;
  const run = `wdev_console ${quote(effect.command)}`;
  const given =
    reloadsPjsip(effect) && all.some((other) => makesPjsip(other.effect))
      ? [givenScript(section('pjsip'))]
      : [];
  const log = places.asteriskLog;
  const shows = isDialplanReload(effect) ? contexts : [];
  return [
    ...(log === undefined ? [] : [`wdev_log_from "$R"${log}`]),
    `${run}; __rc=$?`,
    // the console of an embedded stack answers for modules that it does not have
    ...(isDialplanReload(effect) ? [] : [`[ -z "$R" ] || echo ${quote(NOTED)}`]),
    ...showSteps(shows, (context) => section('show', context)),
    `${section('channels')}; wdev_console 'logger show channels'`,
    // last: Asterisk writes its log beside what it does
    ...(log === undefined ? [] : [`${section('log')}; wdev_log "$R"${log}`]),
    ...given,
    'wdev_status "$__rc"',
  ].join('; ');
}

function judge(outcome: EffectOutcome<'console'>, judged: Judged): Evidence {
  if (isDialplanReload(outcome.effect)) return judgeDialplan(judged, outcome);
  const told = judgeConsole(judged.tree, outcome, judged.counts, judged.outcomes);
  const given = judgePjsip(outcome, judged.outcomes);
  return { findings: [...told.findings, ...given.findings], loaded: [...told.loaded, ...given.loaded] };
}

/** Whether a called command makes Asterisk read what `wanted` makes it read, or more. */
function isAsked(wanted: string, called: string): boolean {
  const words = called.split(/\s+/);
  if (words[0] !== 'asterisk') return /^systemctl (?:try-)?restart asterisk\b/.test(called);
  const asked = words
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .join(' ');
  return (
    asked === wanted ||
    /^(?:core (?:reload|restart)|module reload$)/.test(asked) ||
    (wanted === DIALPLAN_RELOAD && /^(?:module reload pbx_config|extensions reload)/.test(asked))
  );
}

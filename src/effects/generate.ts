import type { Finding } from '../findings/finding.ts';
import type { StagedTree } from '../stage/tree.ts';
import { quote } from '../support/quote.ts';
import type { Effect } from '../wazo/effect.ts';
import { STOCK_FILES } from '../wazo/generated-files.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { serviceOf } from '../wazo/services.ts';
import { lastLine } from './evidence/program.ts';
import { readServiceLog, tracebackPlace } from './evidence/service-log.ts';
import { type EffectModule, type EffectOutcome, type Evidence, type Judged, type Step } from './module.ts';
import { INVALIDATE, makesPjsip } from './pjsip.ts';

const RANK = 300;

/** A file that wazo-confgend generates by a driver of the plugin. */
export const GENERATE: EffectModule<'generate'> = {
  label: (effect) => `generate ${generatedName(effect)}`,
  rank: () => RANK,
  refusal: (_effect, { units }) =>
    units?.has('wazo-confgend') === true ? undefined : 'wazo-confgend is not on the target',
  script,
  answer: ({ text }) => ({
    log: text('log') ?? '',
    before: text('before') ?? '',
    isNew: text('new')?.trim() === 'yes',
  }),
  judge,
  proves: ({ isNew }) => isNew,
  undo: {
    // without its driver a file is not made anew, but served from the cache until that is forgotten
    removal: (effect): Effect => ({
      do: 'command',
      argv: ['wazo-confgen', '--invalidate', generatedName(effect)],
      rank: RANK,
    }),
    isRepeated: true,
    recovery: () => undefined,
  },
};

function script({ effect, section }: Step<'generate'>): string {
  const log = serviceOf('wazo-confgend')?.log ?? '';
  const name = quote(generatedName(effect));
  // wazo-confgend writes its cache on every success, and serves it on every failure
  const cache = `"$R"/var/cache/wazo-confgend/${name}`;
  const state = `stat -c '%i %y %z' ${cache} 2>/dev/null || :`;
  return [
    `wdev_log_from "$R"${log}`,
    `: >"$S/asked"; __was=$(${state}); ${section('before')}; [ ! -f ${cache} ] || cat ${cache}; ${section('effect')}; wazo-confgen ${name}`,
    `__rc=$?; ${section('log')}; wdev_log "$R"${log}`,
    `${section('new')}; __is=$(${state}); __new=''`,
    // a time is compared with none: the clock may have been set meanwhile
    `if [ -n "$__is$__was" ]; then [ -z "$__is" ] || [ "$__is" = "$__was" ] || __new=yes; elif [ ${cache} -nt "$S/asked" ]; then __new=yes; fi`,
    `[ -z "$__new" ] || echo yes${makesPjsip(effect) ? `; [ -z "$__new" ] || ${INVALIDATE}` : ''}; rm -f "$S/asked"; wdev_status "$__rc"`,
  ].join('; ');
}

function judge(outcome: EffectOutcome<'generate'>, { tree, before }: Judged): Evidence {
  const name = generatedName(outcome.effect);
  const logged = readServiceLog(outcome.log, tree);
  const findings = logged.length > 0 ? logged : notMade(name, outcome, tree);
  if (findings.length > 0) return { findings, loaded: [] };
  const lines = outcome.output.trimEnd().split('\n').length;
  // on its first installation a driver has nothing before it, but for what a cache kept
  const isFirst = before.size === 0;
  const news = outcome.output !== outcome.before ? ', changed' : isFirst ? '' : ', as before';
  const text = `${name}: ${lines} line${lines === 1 ? '' : 's'} generated${news}`;
  return { findings: sectionsGone(name, outcome), loaded: [text] };
}

/** The sections that a server has in a stock file, and that the driver's text has no more. */
function sectionsGone(name: string, { before, output }: EffectOutcome<'generate'>): readonly Finding[] {
  const stock = STOCK_FILES.find((file) => file.name === name);
  const pattern = stock?.format === 'yaml' ? /^([\w-]+):/gm : /^\[([^\]\r\n\u2028\u2029]+)\]/gm;
  const sections = (text: string): ReadonlySet<string> =>
    new Set([...text.matchAll(pattern)].map(([, section = '']) => section));
  const [had, has] = [sections(before), sections(output)];
  const gone = (stock?.sections ?? []).filter((section) => had.has(section) && !has.has(section));
  if (gone.length === 0) return [];
  const finding: Finding = {
    code: 'generated-section-gone',
    level: 'warning',
    message: `The driver drops sections that Wazo writes to ${name}: ${gone.map((one) => (stock?.format === 'yaml' ? one : `[${one}]`)).join(', ')}`,
    source: 'wazo-confgend, its own drivers',
  };
  return [finding];
}

function notMade(name: string, outcome: EffectOutcome<'generate'>, tree: StagedTree): readonly Finding[] {
  if (outcome.status !== 0 || outcome.output.trim() === '') {
    const finding: Finding = {
      code: 'confgend-empty',
      level: 'error',
      message: `wazo-confgen ${name} returned nothing${lastLine(outcome.output)}`,
      ...tracebackPlace(outcome.log, tree),
      help: 'Enable the driver in conf.d by its exact name, and return text from generate().',
    };
    return [finding];
  }
  if (outcome.isNew) return [];
  const finding: Finding = {
    code: 'confgend-stale',
    level: 'error',
    message: `wazo-confgend served its cached ${name}: the driver generated nothing new`,
    help: 'See wdev logs wazo-confgend: generate() may have raised an exception, or returned nothing.',
    source: 'wazo-confgend, content cache',
  };
  return [finding];
}

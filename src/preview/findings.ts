import type { Finding, FindingCode, Level } from '../findings/finding.ts';
import type { Driver } from './drivers.ts';
import { settingsFindings } from './settings-findings.ts';
import type { PreviewPhase, PreviewReply, PythonError, PythonFrame } from './request.ts';
import { generatedName } from '../wazo/entry-point.ts';

/** Names the source file behind a file of the preview's root. */
export type SourceOf = (file: string) => string | undefined;

/** Milliseconds of generate() from which on other requests to the service notice. */
const SLOW = 500;

const HANDLER = 'wazo-confgend, handling a request';
const CACHED = 'A server keeps serving the cached text, with exit status 0.';

/** Everything about a preview that its author should know; the text itself is linted elsewhere. */
export function replyFindings(driver: Driver, reply: PreviewReply, sourceOf: SourceOf): readonly Finding[] {
  const at = (phase: PreviewPhase): Place => placeOf(reply.places?.[phase], sourceOf);
  return [
    ...registration(driver, reply),
    ...settingsFindings(driver, reply),
    ...outcome(driver, reply, at, sourceOf),
    ...touches(reply, sourceOf),
    ...templates(reply, at('generate')),
    ...slowness(reply, at('generate')),
  ];
}

interface Place {
  readonly file?: string;
  readonly line?: number;
}

function placeOf(frame: PythonFrame | undefined, sourceOf: SourceOf): Place {
  const file = frame === undefined ? undefined : sourceOf(frame.file);
  return file === undefined || frame === undefined ? {} : { file, line: frame.line };
}

function finding(code: FindingCode, level: Level, message: string, place: Place, help?: string): Finding {
  return { code, level, message, ...place, ...(help === undefined ? {} : { help }), source: HANDLER };
}

function registration(driver: Driver, reply: PreviewReply): readonly Finding[] {
  const findings: Finding[] = [];
  if (driver.name === 'wazo') {
    findings.push(
      finding(
        'confgend-driver-wazo',
        'error',
        'The driver is named "wazo", as the stock ones are: two of one name make both vanish',
        {},
        'Give the entry point a name of your own, and put the same name into plugins: of conf.d.',
      ),
    );
  }
  const same = (reply.found ?? []).filter(({ name }) => name === driver.name);
  if (same.length > 1) {
    const packages = same.map((entry) => `${entry.package} (${entry.value})`).join(' and ');
    findings.push(
      finding(
        'driver-registered-twice',
        'error',
        `${packages} both register ${driver.name} for ${generatedName(driver)}, so wazo-confgend finds neither`,
        {},
        'Rename one of the entry points, or remove one of the packages.',
      ),
    );
  }
  return findings;
}

function outcome(
  driver: Driver,
  reply: PreviewReply,
  at: (phase: PreviewPhase) => Place,
  sourceOf: SourceOf,
): readonly Finding[] {
  const bad = (code: FindingCode, message: string, help: string): readonly Finding[] => [
    finding(code, 'error', message, at('generate'), help),
  ];
  switch (reply.outcome) {
    case 'text':
      return [];
    case 'raised':
      return raised(driver, reply, at, sourceOf);
    case 'empty':
      return bad('driver-empty', 'generate() returned an empty string', `${CACHED} Return a comment line.`);
    case 'none':
      return bad('driver-none', 'generate() returned None', `${CACHED} Is a return missing?`);
    case 'bytes':
      return bad(
        'driver-bytes',
        'generate() returned bytes: wazo-confgend answers nothing, and its cached text is lost',
        'Return str: text.decode("utf-8").',
      );
    case 'other':
      return bad('driver-not-text', `generate() returned ${reply.type ?? 'not a str'}`, 'Return str.');
    case 'not-utf8':
      return bad(
        'driver-not-utf8',
        `Line ${reply.line ?? '?'} of the text cannot be written as UTF-8, and the cached text is lost`,
        'It holds surrogates, mostly from bytes that were decoded with surrogateescape.',
      );
    case 'timeout':
      return [
        finding(
          'driver-timeout',
          'error',
          'The driver did not end in time; all other requests to wazo-confgend would wait',
          at('generate'),
        ),
      ];
    case 'died':
      return [
        finding('driver-died', 'error', 'The driver ended its interpreter', {}, reply.printed?.trim() ?? ''),
      ];
  }
}

const RAISED: Readonly<Record<PreviewPhase, { code: FindingCode; what: string; effect: string }>> = {
  import: {
    code: 'driver-import-failed',
    what: 'The module of the driver cannot be imported',
    effect: 'A server answers nothing, not even the cached text, and tries again at each request.',
  },
  init: {
    code: 'driver-init-failed',
    what: 'The constructor of the driver raised',
    effect: 'A server answers nothing, not even the cached text, and tries again at each request.',
  },
  generate: { code: 'driver-raised', what: 'generate() raised', effect: CACHED },
};

function raised(
  driver: Driver,
  reply: PreviewReply,
  at: (phase: PreviewPhase) => Place,
  sourceOf: SourceOf,
): readonly Finding[] {
  const { error, phase = 'generate' } = reply;
  if (error === undefined) return [];
  const frames = error.frames.filter((frame) => sourceOf(frame.file) !== undefined);
  const place = frames.length > 0 ? placeOf(frames.at(-1), sourceOf) : at(phase);
  if (error.missing !== null) return [notDeclared(error, error.missing, place)];
  const { code, what, effect } = RAISED[phase];
  if (phase !== 'generate' && error.runtime) {
    // two of one name, or none: told already, with the packages
    const twice = (reply.found ?? []).filter(({ name }) => name === driver.name).length !== 1;
    if (phase === 'import' && twice && frames.length === 0) return [];
    return [
      finding(
        'driver-runtime-error',
        'error',
        `${what} RuntimeError (${error.message}), which wazo-confgend takes for "there is no such driver"`,
        place,
        'It says nothing of it in its log. Raise another class, or nothing at all.',
      ),
    ];
  }
  return [finding(code, 'error', `${what}: ${error.type}: ${error.message}`, place, effect)];
}

function notDeclared({ message, call }: PythonError, missing: string, place: Place): Finding {
  const [kind = '', name = ''] = missing.split(' ');
  const short = name.replace(/^xivo_dao\./, '');
  const others = /; it does for .*/s.exec(message)?.[0].replace('it does', 'there are some') ?? '';
  const text: Readonly<Record<string, readonly [string, string]>> = {
    dao: [
      `The driver calls ${call ?? name}, and no rows are declared for it${others}`,
      `Declare them in wdev.yml:\npreview:\n  dao:\n    ${short}: []\nor record them from a server: wdev preview --record --target TARGET`,
    ],
    query: [
      `The driver asks the database itself (${name}); a preview has declared rows only`,
      'Put the query into a function of xivo_dao, and declare what it returns under preview.dao in wdev.yml.',
    ],
    stock: [
      `The driver asks wazo-confgend for its own ${name}, which is not declared`,
      `Save it from a server (wazo-confgen asterisk/${name}), and declare it in wdev.yml:\npreview:\n  stock:\n    asterisk/${name}: tests/stock/${name}`,
    ],
    template: [message, 'Templates belong into etc/wazo-confgend/templates of the package.'],
  };
  const [said, help] = text[kind] ?? [message, ''];
  return finding(
    kind === 'template' ? 'driver-template-missing' : 'preview-not-declared',
    'error',
    said,
    place,
    help,
  );
}

function touches(reply: PreviewReply, sourceOf: SourceOf): readonly Finding[] {
  const seen = new Set<string>();
  return (reply.touches ?? []).flatMap(({ what, phase, detail, frames }) => {
    const key = `${what} ${phase}`;
    if (seen.has(key) || (phase === 'generate' && what === 'database')) return [];
    seen.add(key);
    const place = placeOf(
      frames.findLast((frame) => sourceOf(frame.file) !== undefined) ?? undefined,
      sourceOf,
    );
    if (phase === 'generate') {
      return [
        finding(
          'driver-network-in-generate',
          'warning',
          `generate() uses the network (${detail}); while it waits, all other requests to wazo-confgend wait`,
          place,
        ),
      ];
    }
    const where = phase === 'init' ? '__init__' : 'the import';
    const message =
      what === 'database'
        ? `The database is read in ${where} (${detail}): it runs once, outside of the database session`
        : `The network is used in ${where} (${detail}): it runs once, and its failure is an empty file`;
    const level = what === 'database' ? 'error' : 'warning';
    return [finding(`driver-${what}-in-init`, level, message, place, 'Do it in generate().')];
  });
}

function templates(reply: PreviewReply, place: Place): readonly Finding[] {
  const names = [...new Set(reply.undefined)];
  if (names.length === 0) return [];
  const said = `A template uses ${names.join(', ')}, which is not set; it renders as nothing`;
  return [finding('driver-template-undefined', 'warning', said, place)];
}

function slowness(reply: PreviewReply, place: Place): readonly Finding[] {
  const ms = Math.round(reply.ms?.generate ?? 0);
  if (ms <= SLOW) return [];
  const message = `generate() took ${ms} ms, and all other requests to wazo-confgend wait`;
  return [finding('driver-slow', 'warning', message, place)];
}

import { rowOf } from '../findings/catalogue.ts';
import type { Finding, FindingCode, Level } from '../findings/finding.ts';
import type { Driver } from './drivers.ts';
import { settingsFindings } from './settings-findings.ts';
import type { PreviewPhase, PreviewReply, PythonError, PythonFrame } from './request.ts';
import { generatedName } from '../wazo/entry-point.ts';
import { stockNameOf } from '../wazo/generated-files.ts';

/** Names the source file behind a file of the preview's root. */
export type SourceOf = (file: string) => string | undefined;

/** Milliseconds of generate() from which on other requests to the service notice. */
const SLOW = 500;

const HANDLER = 'wazo-confgend, handling a request';
const CACHED = 'Until then, wazo-confgend serves the previous file, with exit status 0.';
const NOTHING = 'Until then, wazo-confgend serves nothing for the file of this driver.';

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
        'The driver is named "wazo" like Wazo\'s own driver, so wazo-confgend loads neither',
        {},
        'Choose another name for the entry point, and use it under plugins: in conf.d.',
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
        `${packages} both register ${driver.name} for ${generatedName(driver)}, so wazo-confgend loads neither`,
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
      return bad(
        'driver-empty',
        'generate() returned an empty string',
        `Return text; a comment line is enough. ${CACHED}`,
      );
    case 'none':
      return bad('driver-none', 'generate() returned None', `Add the missing return. ${CACHED}`);
    case 'bytes':
      return bad(
        'driver-bytes',
        'generate() returned bytes, not str: wazo-confgend serves an empty file',
        'Return str: text.decode("utf-8").',
      );
    case 'other':
      return bad(
        'driver-not-text',
        `generate() returned ${reply.type === undefined ? 'no str' : `${reply.type}, not str`}`,
        'Return text, as in "\\n".join(lines).',
      );
    case 'not-utf8':
      return bad(
        'driver-not-utf8',
        `Line ${reply.line ?? '?'} of the generated text contains surrogates and cannot be encoded as UTF-8`,
        'Decode bytes without surrogateescape.',
      );
    case 'timeout':
      return [
        finding(
          'driver-timeout',
          'error',
          'The driver did not finish in time, and blocks all other requests to wazo-confgend',
          at('generate'),
        ),
      ];
    case 'died':
      return [
        finding('driver-died', 'error', 'The driver ended the Python process', {}, diedHelp(reply.printed)),
      ];
  }
}

function diedHelp(printed = ''): string {
  return `${rowOf('driver-died').fix}\n${printed.trim()}`.trim();
}

const RAISED: Readonly<Record<PreviewPhase, { code: FindingCode; what: string; help: string }>> = {
  import: {
    code: 'driver-import-failed',
    what: 'The driver cannot be imported',
    help: `${rowOf('driver-import-failed').fix} ${NOTHING}`,
  },
  init: {
    code: 'driver-init-failed',
    what: 'The constructor of the driver raised',
    help: `${rowOf('driver-init-failed').fix} ${NOTHING}`,
  },
  generate: {
    code: 'driver-raised',
    what: 'generate() raised',
    help: `${rowOf('driver-raised').fix} ${CACHED}`,
  },
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
  const { code, what, help } = RAISED[phase];
  if (phase !== 'generate' && error.runtime) {
    // two of one name, or none: told already, with the packages
    const twice = (reply.found ?? []).filter(({ name }) => name === driver.name).length !== 1;
    if (phase === 'import' && twice && frames.length === 0) return [];
    return [
      finding(
        'driver-runtime-error',
        'error',
        `${phase === 'import' ? 'The import' : '__init__'} raised RuntimeError ("${error.message}"), which wazo-confgend silently takes for "no such driver"`,
        place,
      ),
    ];
  }
  return [finding(code, 'error', `${what}: ${error.type}: ${error.message}`, place, help)];
}

function notDeclared({ message, call }: PythonError, missing: string, place: Place): Finding {
  const [kind = '', name = ''] = missing.split(' ');
  const short = name.replace(/^xivo_dao\./, '');
  const stock = stockNameOf(name);
  const others = /; it does for .*/s.exec(message)?.[0].replace('it does', 'there are some') ?? '';
  const text: Readonly<Record<string, readonly [string, string]>> = {
    dao: [
      `The driver calls ${call ?? name}, but wdev.yml declares no result for it${others}`,
      `Add it to wdev.yml:\n  preview:\n    dao:\n      ${short}: []\nOr record it from a server: wdev preview --record --target TARGET`,
    ],
    query: [
      `The driver queries the database itself (${name}); a preview has declared rows only`,
      'Move the query to a function of xivo_dao, and declare its result under preview.dao in wdev.yml.',
    ],
    stock: [
      `The driver reads the ${stock} of Wazo's own driver, which wdev.yml does not declare`,
      `Save it from a server (wazo-confgen ${stock} > tests/stock/${name}), and declare it in wdev.yml:\npreview:\n  stock:\n    ${stock}: tests/stock/${name}`,
    ],
    template: [message, 'Put templates in etc/wazo-confgend/templates of the plugin.'],
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
          `generate() uses the network (${detail}), and blocks all other requests to wazo-confgend meanwhile`,
          place,
        ),
      ];
    }
    const where = phase === 'init' ? '__init__' : 'The import';
    const message =
      what === 'database'
        ? `${where} reads the database (${detail}): it runs only once, outside the database session`
        : `${where} uses the network (${detail}): it runs only once, and if it fails the file stays empty`;
    const level = what === 'database' ? 'error' : 'warning';
    return [finding(`driver-${what}-in-init`, level, message, place)];
  });
}

function templates(reply: PreviewReply, place: Place): readonly Finding[] {
  const names = [...new Set(reply.undefined)];
  if (names.length === 0) return [];
  const said = `A template uses the undefined variable${names.length === 1 ? '' : 's'} ${names.map((name) => `"${name}"`).join(', ')}, which render${names.length === 1 ? 's' : ''} as empty text`;
  return [finding('driver-template-undefined', 'warning', said, place)];
}

function slowness(reply: PreviewReply, place: Place): readonly Finding[] {
  const ms = Math.round(reply.ms?.generate ?? 0);
  if (ms <= SLOW) return [];
  const message = `generate() took ${ms} ms, and blocks all other requests to wazo-confgend meanwhile`;
  return [finding('driver-slow', 'warning', message, place)];
}

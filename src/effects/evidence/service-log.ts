import type { Finding, FindingCode } from '../../findings/finding.ts';
import { entryPointsOf } from '../../stage/entry-points.ts';
import type { StagedTree } from '../../stage/tree.ts';
import { unreadNote } from './log-channels.ts';
import { sourcePlace } from './source-place.ts';

interface LoadError {
  readonly pattern: RegExp;
  readonly code: FindingCode;
  readonly say: (groups: Readonly<Record<string, string>>) => string;
}

/** The log lines of a Wazo daemon when a plugin did not load. Source: xivo.plugin_helpers, stevedore, wazo-confgend. */
const LOAD_ERRORS: readonly LoadError[] = [
  {
    pattern: /Error in plugin namespace "(?<namespace>[^"]+)" when loading module: "(?<entry>[^\n]+)"/,
    code: 'service-import-failed',
    say: ({ entry = '' }) => `The service cannot import ${objectOf(entry) ?? entry}`,
  },
  {
    pattern: /entrypoint is missing for plugins: (?<names>\{[^}]*\}|[^\n]+)/,
    code: 'service-entry-point-missing',
    say: ({ names }) => `No entry point exists for ${names}, which the settings enable`,
  },
  {
    pattern: /error calling '(?<name>[^']+)': (?<reason>[^\n]+)/,
    code: 'service-load-failed',
    say: ({ name, reason }) => `load() of ${name} raised an exception: ${reason}`,
  },
  {
    pattern: /unexpected error raised by handler/,
    code: 'confgend-generate-raised',
    say: () => 'generate() raised an exception, so wazo-confgend serves its last good text',
  },
  {
    pattern: /(?:stevedore\.exception\.)?NoMatches/,
    code: 'service-no-plugin',
    say: () => 'The service does not start: none of its enabled plugins loads',
  },
  {
    pattern: /No module named 'xivo_dao\b/,
    code: 'confgend-no-database',
    say: () => 'The driver needs xivo_dao, which the target does not have',
  },
  {
    pattern: /No handler found for (?<name>[^\n]+)/,
    code: 'confgend-no-handler',
    say: ({ name }) => `wazo-confgend has no driver for ${name}`,
  },
];

/** Characters at the end of a log that are read: what a service says last is about the change. */
const READ = 200_000;

/** The note about what a service logged before that; undefined when all of it was read. */
export function unreadServiceLog(log: string): string | undefined {
  return unreadNote(log, READ);
}

/**
 * The findings in what a service logged since it was told of a change. One that names an entry point, a module or a
 * file of another plugin is a warning: it is not the fault of this one. Where the tree is empty, the plugin is what
 * it was `before`, or it is gone.
 */
export function readServiceLog(
  whole: string,
  tree: StagedTree,
  { before = NO_TREE, isGone = false }: { readonly before?: StagedTree; readonly isGone?: boolean } = {},
): readonly Finding[] {
  const log = whole.slice(-READ);
  const known = tree.size === 0 ? before : tree;
  const own = ownNames(known);
  const failed = new Set<string>();
  const found = new Map<string, Finding>();
  for (const { pattern, code, say } of LOAD_ERRORS) {
    for (const match of log.matchAll(new RegExp(pattern, 'g'))) {
      const groups = { ...match.groups };
      const said = TOLD_BEHIND.has(code) ? saidAfter(log, match) : log;
      if (code === 'service-import-failed') failed.add(entryName(groups['entry'] ?? ''));
      // the service counts what it could not import among what is missing
      if (code === 'service-entry-point-missing') {
        const names = [...(groups['names'] ?? '').matchAll(/[\w.-]+/g)].map(([name]) => name);
        const left = names.filter((name) => !failed.has(name));
        if (left.length === 0) continue;
        groups['names'] = left.length === names.length ? (groups['names'] ?? '') : left.join(', ');
      }
      const place = { ...settingsPlace(settingsKey(code, groups), tree), ...tracebackPlace(said, tree) };
      const isOther = isGone
        ? isStillThere(code, groups, said)
        : known.size > 0 && isForeign(code, groups, said, own);
      const isOwn = place.file !== undefined || !isOther;
      const message = withReason(say(groups), said);
      const finding: Finding = isOwn
        ? { code, level: 'error', message, ...place }
        : {
            code,
            level: 'warning',
            message: `Another plugin: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
          };
      found.set(message, finding);
    }
  }
  return [...found.values()];
}

/** Their reason stands behind the line; that of the others, which one plugin alone has, stands around it. */
const TOLD_BEHIND: ReadonlySet<FindingCode> = new Set([
  'service-import-failed',
  'service-entry-point-missing',
  'service-load-failed',
]);

/** The names by which a log tells that something belongs to a plugin. */
interface OwnNames {
  readonly entries: ReadonlySet<string>;
  readonly modules: ReadonlySet<string>;
}

function ownNames(tree: StagedTree): OwnNames {
  const points = entryPointsOf(tree);
  const installed = [...tree.keys()].map(
    (path) => /\/(?:dist|site)-packages\/([^/]+?)(?:\.py)?(?:\/|$)/.exec(path)?.[1],
  );
  return {
    entries: new Set(points.map(({ name }) => name)),
    modules: new Set([
      ...points.map(({ value }) => topOf(value)),
      ...installed.flatMap((name) => name ?? []),
    ]),
  };
}

function topOf(module: string): string {
  return module.split(/[.:]/)[0] ?? '';
}

/** The name in `EntryPoint(name='acme', …)` or `acme = acme.plugin:Plugin`. */
function entryName(entry: string): string {
  return /name='([^']+)'/.exec(entry)?.[1] ?? /^\s*([\w.-]+)\s*=/.exec(entry)?.[1] ?? entry.trim();
}

/** Whether a line names something, and nothing of the plugin. */
function isForeign(
  code: FindingCode,
  groups: Readonly<Record<string, string>>,
  said: string,
  own: OwnNames,
): boolean {
  if (code === 'service-import-failed') {
    const entry = groups['entry'] ?? '';
    const module = objectOf(entry);
    if (own.entries.has(entryName(entry))) return false;
    return module === undefined ? own.entries.size > 0 : !own.modules.has(topOf(module));
  }
  if (code === 'service-entry-point-missing') {
    const names = [...(groups['names'] ?? '').matchAll(/[\w.-]+/g)].map(([name]) => name);
    return names.every((name) => !own.entries.has(name)) && own.entries.size > 0;
  }
  if (code !== 'service-load-failed') return false;
  // by its name where it is one, else by the files of the traceback, of which none is the plugin's
  if (own.entries.has(groups['name'] ?? '')) return false;
  return (
    own.entries.size > 0 && (/^[\w.-]+$/.test(groups['name'] ?? '') || /File "[^"]+", line \d+/.test(said))
  );
}

const NO_TREE: StagedTree = new Map();

/** The object of an entry point as a log writes it: `name = module:Class`, or what importlib.metadata prints. */
function objectOf(entry: string): string | undefined {
  return /value='([^']+)'/.exec(entry)?.[1] ?? /=\s*([\w.]+(?::[\w.]+)?)/.exec(entry)?.[1];
}

/** Whether a line names a plugin whose code is there: none that is gone. */
function isStillThere(
  code: FindingCode,
  { entry = '' }: Readonly<Record<string, string>>,
  said: string,
): boolean {
  if (code === 'service-load-failed') return true;
  if (code !== 'service-import-failed') return false;
  const module = objectOf(entry);
  return module !== undefined && !said.includes(`No module named '${topOf(module)}'`);
}

/** An entry of a log: a line with a time, and those up to the next one. */
function saidAfter(log: string, match: RegExpExecArray): string {
  const rest = log.slice(match.index);
  const [next, afterNext] = [...rest.matchAll(/\n\d{4}-\d\d-\d\d \d\d:\d\d/g)].map(({ index }) => index);
  // stevedore says in one line that load() raised, and with what in the next one
  const isTold = /^\n[^\n]*\(stevedore\.extension\)[^]*?\nTraceback/.test(rest.slice(next, afterNext));
  return next === undefined ? rest : rest.slice(0, isTold ? afterNext : next);
}

/**
 * The complaint of a service about a file of its settings, with the lines of the YAML parser below it: it goes on
 * without all of the file, and tells nobody but the journal. Source: xivo.config_helper, parse_config_dir.
 */
const UNREAD_SETTINGS =
  /^Could not read config file (?<name>\S+): (?<reason>.*(?:\n(?!Could not ).*){0,6})/gm;

/** Findings in what a service's process wrote for the journal. */
export function readJournal(journal: string, tree: StagedTree): readonly Finding[] {
  return [...journal.matchAll(UNREAD_SETTINGS)].flatMap(({ groups = {} }): readonly Finding[] => {
    const { name = '', reason = '' } = groups;
    const file = [...tree.keys()].find((path) => path.endsWith(`/conf.d/${name.split('/').at(-1) ?? ''}`));
    if (file === undefined) return [];
    const line = [...reason.matchAll(/\bline (\d+), column \d+/g)].at(-1)?.[1];
    const place = sourcePlace(tree, file, line === undefined ? undefined : Number(line));
    const said = reason.split('\n')[0] ?? '';
    const message = `The service runs without ${file}: ${said}`;
    return [{ code: 'confd-syntax', level: 'error', message, ...place, source: 'xivo.config_helper' }];
  });
}

/** The last line of a Python traceback says what was raised. */
export function withReason(message: string, log: string): string {
  const raised = [...log.matchAll(/^(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b.*$/gm)].at(-1)?.[0];
  return raised === undefined || message.includes(raised) ? message : `${message} (${raised})`;
}

export interface Place {
  readonly file?: string;
  readonly line?: number;
}

/** The name by which settings call a plugin that could not be found: `asterisk.acme.conf` for a driver, or its name. */
function settingsKey(
  code: FindingCode,
  { name, names }: Readonly<Record<string, string>>,
): string | undefined {
  if (code === 'confgend-no-handler') return name?.trim().replace('/', '.');
  return code === 'service-entry-point-missing' ? /[\w.-]+/.exec(names ?? '')?.[0] : undefined;
}

/** Where a key stands in what the plugin installs of a service's settings. */
function settingsPlace(key: string | undefined, tree: StagedTree): Place {
  if (key === undefined) return {};
  for (const file of tree.values()) {
    const { path } = file;
    if (!/^\/etc\/[^/]+\/conf\.d\/[^/]+\.yml$/.test(path)) continue;
    const lines = file.bytes.toString('utf8').split('\n');
    const index = lines.findIndex((line) => line.trimStart().startsWith(`${key}:`));
    if (index >= 0) return sourcePlace(tree, path, index + 1) ?? {};
  }
  return {};
}

/** The innermost frame of a traceback that lies in the plugin, as a place in its source. */
export function tracebackPlace(log: string, tree: StagedTree): Place {
  const frames = [...log.matchAll(/File "(?<path>[^"]+)", line (?<line>\d+)/g)].toReversed();
  for (const { groups } of frames) {
    const place = sourcePlace(tree, groups?.['path'] ?? '', Number(groups?.['line']));
    if (place !== undefined) return place;
  }
  return {};
}

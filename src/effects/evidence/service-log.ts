import type { Finding, FindingCode } from '../../findings/finding.ts';
import type { StagedTree } from '../../stage/tree.ts';
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
    say: ({ entry }) => `the service could not import ${entry}`,
  },
  {
    pattern: /entrypoint is missing for plugins: (?<names>\{[^}]*\}|[^\n]+)/,
    code: 'service-entry-point-missing',
    say: ({ names }) => `the service finds no entry point for ${names}`,
  },
  {
    pattern: /error calling '(?<name>[^']+)': (?<reason>[^\n]+)/,
    code: 'service-load-failed',
    say: ({ name, reason }) => `load() of ${name} raised: ${reason}`,
  },
  {
    pattern: /unexpected error raised by handler/,
    code: 'confgend-generate-raised',
    say: () => 'generate() raised, so wazo-confgend answers with its last cached text',
  },
  {
    pattern: /(?:stevedore\.exception\.)?NoMatches/,
    code: 'service-no-plugin',
    say: () => 'none of the enabled plugins could be loaded, so the service does not start',
  },
  {
    pattern: /No module named 'xivo_dao\b/,
    code: 'confgend-no-database',
    say: () =>
      'the target has no xivo_dao, so the driver finds no database there; stacks of wdev give it the rows that wdev.yml declares',
  },
  {
    pattern: /No handler found for (?<name>[^\n]+)/,
    code: 'confgend-no-handler',
    say: ({ name }) => `wazo-confgend has no driver for ${name}`,
  },
];

/** Characters at the end of a log that are read: what a service says last is about the change. */
const READ = 200_000;

/** The findings in what a service logged since it was told of a change. */
export function readServiceLog(whole: string, tree: StagedTree): readonly Finding[] {
  const log = whole.slice(-READ);
  return LOAD_ERRORS.flatMap(({ pattern, code, say }) => {
    const match = pattern.exec(log);
    if (match === null) return [];
    const groups = match.groups ?? {};
    const message = withReason(say(groups), log);
    const place = settingsPlace(settingsKey(code, groups), tree);
    return [{ code, level: 'error' as const, message, ...place, ...tracebackPlace(log, tree) }];
  });
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
    const message = `The service goes on without ${file}: ${said}`;
    return [{ code: 'confd-syntax', level: 'error', message, ...place, source: 'xivo.config_helper' }];
  });
}

/** The last line of a Python traceback says what was raised. */
export function withReason(message: string, log: string): string {
  const raised = [...log.matchAll(/^(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b.*$/gm)].at(-1)?.[0];
  return raised === undefined || message.includes(raised) ? message : `${message} (${raised})`;
}

interface Place {
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
  for (const { path, bytes } of tree.values()) {
    if (!/^\/etc\/[^/]+\/conf\.d\/[^/]+\.yml$/.test(path)) continue;
    const lines = bytes.toString('utf8').split('\n');
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

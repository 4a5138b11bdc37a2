/** The names that tags of a template may use: flat, and made here instead of in templates. Pure. */

import { pascal } from '../wazo/names.ts';
import type { Answers } from '../answers/question.ts';
import { SERVICES, isCalledAtStart } from '../wazo/services.ts';
import { neededSince } from '../wazo/since.ts';
import { usageError } from '../support/errors.ts';
import { atLeast } from '../wazo/versions.ts';
import type { Contributions, Part, Template } from './template.ts';

export type Context = Readonly<Record<string, unknown>>;

/** A text that is of the language of the file it goes into already, and not free text. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Folders that a package installs as they stand. */
const INSTALLED = ['etc', 'lib', 'opt', 'srv', 'usr', 'var'];

export interface ContextInput {
  readonly template: Template;
  readonly parts: readonly Part[];
  /** Answers and what follows from them. */
  readonly values: Answers;
  readonly replace: (text: string) => string;
  /** All files that are made, as they stand in the template; the texts of those that are texts. */
  readonly files: ReadonlyMap<string, string>;
}

export function contextOf({ template, parts, values, replace, files }: ContextInput): Context {
  const paths = [...files.keys()].sort();
  const description = String(values['description'] ?? '');
  const lines = (key: keyof Contributions): readonly string[] =>
    [template.adds, ...parts.map((part) => part.adds)].flatMap((adds) => adds[key]).map(replace);
  // two parts may need the same reload; their shell lines are blocks and stay as they are
  const collect = (key: keyof Contributions): readonly string[] => [...new Set(lines(key))].filter(Boolean);
  // a block of several shell lines is indented as the place in wazo/rules where its first line goes
  const blocks = (key: keyof Contributions, indent: number): readonly Raw[] =>
    lines(key).map((block) => new Raw(block.replaceAll('\n', `\n${' '.repeat(indent)}`)));
  const restarts = inRestartOrder(collect('restarts'));
  const effects = (['reloads', 'restarts', 'apply'] as const).flatMap(collect);
  // a question that was not asked is known, but printing it is an error
  const unasked = Object.fromEntries(template.questions.map((question) => [question.name, undefined]));
  return {
    ...unasked,
    ...values,
    ...choiceFlags(template, values),
    minWazoVersion: minWazoVersion(values, collect('entryPoints'), files),
    summary: description.split('\n').find((line) => line.trim() !== '') ?? '',
    reloads: collect('reloads'),
    restarts,
    isTogether: restarts.some(({ words }) => words.text.endsWith('&')),
    packageLines: blocks('package', 8),
    applyLines: blocks('apply', 4),
    beforeReloadLines: blocks('beforeReload', 4),
    installLines: blocks('install', 8),
    uninstallLines: blocks('uninstall', 8),
    removedLines: blocks('removed', 8),
    groups: entryPointGroups(collect('entryPoints')),
    debianPackages: [...new Set([...collect('debianDepends'), ...words(values['debianDepends'])])],
    plugins: [...new Set(words(values['depends']))].map(pluginReference),
    usage: collect('usage').map(raw),
    tryLines: lines('try').map(raw),
    // in a command, where Markdown has no escapes
    subfolder: raw(String(values['subdirectory'] ?? '')),
    trees: INSTALLED.filter((tree) => paths.some((path) => path.startsWith(`${tree}/`))),
    liveFiles: paths.filter((path) => /^etc\/|^usr\/lib\/python3\//.test(path)),
    isLive: effects.length > 0,
    hasReaders: [...collect('reloads'), ...restarts].length > 0,
    makesDeb: template.kind === 'stack' && values['format'] !== 'legacy',
    testPackages: sentence(testModules(files).map((module) => `python3-${module}`)),
    // PyPI calls one of them otherwise
    testRequirements: testModules(files).map((module) => (module === 'yaml' ? 'pyyaml' : module)),
    asksServer: paths.some((path) => path.startsWith('tests/integration/')),
    hasHooks: paths.includes('.pre-commit-config.yaml'),
    hasSetup: paths.includes('setup.py'),
    hasStandins: paths.some((path) => path.startsWith('tests/standins/')),
    hasDialplanFiles: paths.some((path) => path.startsWith('etc/asterisk/extensions_extra.d/')),
    hasSettings: paths.some((path) => /^etc\/wazo-[^/]+\/conf\.d\//.test(path)),
    hasPythonFiles: paths.some((path) => path.endsWith('.py')),
    hasFiles: paths.some((path) => INSTALLED.some((tree) => path.startsWith(`${tree}/`))),
  };
}

/** The modules that are neither Python's nor a plugin's own, where the tests bring nothing in their place. */
const DEBIAN_MODULES = ['jinja2', 'pytest', 'setuptools', 'stevedore', 'yaml'];

/** Those of them that the plugin and its tests import. */
function testModules(files: ReadonlyMap<string, string>): readonly string[] {
  const texts = [...files].filter(([file]) => file.endsWith('.py')).map(([, text]) => text);
  return DEBIAN_MODULES.filter((module) => {
    // what only a type checker imports is indented
    const imports = new RegExp(`^(?:import|from) ${module}\\b|importorskip\\('${module}'\\)`, 'm');
    return texts.some((text) => imports.test(text));
  });
}

function sentence(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/**
 * The person's answer, or the parts' need where that is more.
 * @throws UserError for parts that need a newer Wazo than the highest one that was answered
 */
function minWazoVersion(
  values: Answers,
  entryPoints: readonly string[],
  files: ReadonlyMap<string, string>,
): string | undefined {
  const { minWazoVersion: said, maxWazoVersion: highest } = values;
  const since = neededSince(
    entryPoints.map((line) => line.split(' = ')[0] ?? ''),
    files,
  );
  const needed = since?.version;
  // wazo-plugind compares them as texts
  if (since !== undefined && typeof highest === 'string' && highest !== '' && since.version > highest)
    throw usageError(
      `--max-wazo-version: ${since.what} came with Wazo ${since.version}, later than ${highest}`,
      'Name a higher version, or make it without the part.',
    );
  if (typeof said !== 'string' || said === '') return needed;
  return needed === undefined || atLeast(said, needed) ? said : needed;
}

interface Restart {
  readonly unit: string;
  /** Unit and port, and `&` for one that need not wait for the others. */
  readonly words: Raw;
}

/** Each unit once, in the order that they need. Throws on a unit that is not known, or has no port. */
function inRestartOrder(units: readonly string[]): readonly Restart[] {
  const known = SERVICES.flatMap(({ unit, port, rank }) =>
    port === undefined ? [] : [{ unit, port, rank }],
  );
  const unknown = units.find((unit) => !known.some((service) => service.unit === unit));
  if (unknown !== undefined) throw new Error(`restarts: ${unknown} is not a service of Wazo`);
  const ordered = known.filter(({ unit }) => units.includes(unit)).sort((a, b) => a.rank - b.rank);
  const free = ordered.filter(({ unit }) => !isCalledAtStart(unit));
  const end = free.length > 1 ? ' &' : '';
  return ordered.map(({ unit, port }) => ({
    unit,
    words: new Raw(`${unit} ${port}${isCalledAtStart(unit) ? '' : end}`),
  }));
}

function raw(text: string): Raw {
  return new Raw(text);
}

function words(value: unknown): readonly string[] {
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

/** `namespace/name` or `namespace/name=version`. */
function pluginReference(text: string): Record<string, unknown> {
  const [, namespace, name, version] = /^([^/]+)\/([^=]+)(?:=(.+))?$/.exec(text) ?? [];
  return { namespace, name, version };
}

/** `group = name = module:attribute`, gathered by group. */
function entryPointGroups(
  lines: readonly string[],
): readonly { group: string; entries: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const [group = '', ...entry] = line.split(' = ');
    groups.set(group, [...(groups.get(group) ?? []), entry.join(' = ')]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, entries]) => ({ group, entries }));
}

/** Every choice as a name that a tag can test: `isBaseSerial`, `hasDialplan`; and traits: `isPython`. */
function choiceFlags(template: Template, values: Answers): Record<string, boolean> {
  const flags: Record<string, boolean> = {};
  const traits = [template.adds, ...template.parts.map((part) => part.adds)].flatMap((adds) => adds.traits);
  const chosen = values['traits'];
  for (const trait of traits) flags[`is${pascal(trait)}`] = Array.isArray(chosen) && chosen.includes(trait);
  for (const question of template.questions) {
    if (question.type !== 'list' && question.name !== 'parts') continue;
    const prefix = question.type === 'list' ? `is${pascal(question.name)}` : 'has';
    const answer = values[question.name];
    for (const { value } of question.choices ?? []) {
      flags[prefix + pascal(value)] = Array.isArray(answer) ? answer.includes(value) : answer === value;
    }
  }
  return flags;
}

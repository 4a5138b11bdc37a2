import { PLUGIN_GROUPS, groupOf, type PluginGroup } from '../wazo/groups.ts';
import { isPackaging, settingsOf } from './file-kinds.ts';
import {
  type EditorText,
  type Language,
  type OutlinePart,
  type Place,
  type Word,
  code,
  holds,
  lineOf,
} from './language.ts';
import type { Span } from './span.ts';
import { yamlKeys } from './yaml-keys.ts';

/** Entry points: where a package names them, and where the settings of a service enable them. */

/** An entry point in the text that names it. */
export interface NamedEntry {
  readonly group: string;
  readonly name: string;
  readonly at: Span;
  readonly module: string;
  readonly attribute: string;
  /** `name = package.module:attribute`. */
  readonly whole: Span;
}

/** A name that the settings of a service enable, or not. */
export interface EnabledEntry {
  readonly group: PluginGroup;
  readonly name: string;
  readonly at: Span;
}

interface GroupText {
  readonly group: string;
  readonly at: Span;
  readonly entries: readonly NamedEntry[];
}

/** The groups of a setup.py, a setup.cfg or a pyproject.toml as they are written. */
export function groupsIn(text: string): readonly GroupText[] {
  const groups: (GroupText & { entries: NamedEntry[] })[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.length <= LONGEST_LINE) readGroups(line, start, groups);
    start += line.length + 1;
  }
  return groups;
}

/** Longer lines are none that a person wrote. */
const LONGEST_LINE = 1_000;
const WORDS =
  /(?<![\w.-])[.-]*(\w[\w.-]*)["']?[ \t]*=[ \t]*["']?([\w.]+):(\w+)|(?:^|["'.[\s])((?:wazo|quartx)_\w+(?:\.[\w-]+)+)["']?\]?[ \t]*(?=[:=\]]|$)/g;

function readGroups(
  line: string,
  lineStart: number,
  groups: (GroupText & { entries: NamedEntry[] })[],
): void {
  for (const match of line.matchAll(WORDS)) {
    const [whole, name = '', module = '', attribute = '', group] = match;
    const from = lineStart + match.index + whole.indexOf(name);
    if (group !== undefined) {
      const start = from + whole.indexOf(group);
      groups.push({ group, at: { start, end: start + group.length }, entries: [] });
      continue;
    }
    const last = groups.at(-1);
    last?.entries.push({
      group: last.group,
      name,
      at: { start: from, end: from + name.length },
      module,
      attribute,
      whole: { start: from, end: from + whole.length },
    });
  }
}

/** The entry points that a plugin's packages name. */
export function entriesOf(
  files: readonly EditorText[],
): readonly (NamedEntry & { readonly file: EditorText })[] {
  return files
    .filter(({ name }) => isPackaging(name))
    .flatMap((file) =>
      groupsIn(file.text).flatMap(({ entries }) => entries.map((entry) => ({ ...entry, file }))),
    );
}

/** The groups that the settings of a service enable the entry points of. */
export function groupsOfService(service: string, files: readonly EditorText[]): readonly PluginGroup[] {
  const stock = PLUGIN_GROUPS.filter((group) => group.service === service);
  if (service !== 'wazo-confgend') return stock;
  const names = new Set(entriesOf(files).map(({ group }) => group));
  return [...names].flatMap((name) => (name.startsWith('wazo_confgend.') ? (groupOf(name) ?? []) : []));
}

/** The names that a file of conf.d enables. */
export function enabledIn(
  { name: file, text }: EditorText,
  files: readonly EditorText[],
): readonly EnabledEntry[] {
  const groups = groupsOfService(settingsOf(file) ?? '', files);
  return yamlKeys(text).flatMap(({ name, above, at, value, valueStart, whole }): EnabledEntry[] => {
    const path = [...above, name];
    return groups.flatMap((group): EnabledEntry[] => {
      if (group.shape === 'name') {
        const bare = value.replaceAll(/^["']|["']$/g, '');
        const start = valueStart + value.indexOf(bare);
        return bare !== '' && isSame(path, group.keys)
          ? [{ group, name: bare, at: { start, end: start + bare.length } }]
          : [];
      }
      if (group.shape === 'list') {
        if (!isSame(path, group.keys)) return [];
        const part = text.slice(valueStart, whole.end);
        return [...part.matchAll(/(?<=[-[,\s]["']?)\w[\w.-]*/g)].map((match) => {
          const start = valueStart + match.index;
          return { group, name: match[0], at: { start, end: start + match[0].length } };
        });
      }
      return isSame(above, group.keys) ? [{ group, name, at }] : [];
    });
  });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}

/** Every place where a plugin writes the name of an entry point. */
export function placesOfEntry(group: string, name: string, files: readonly EditorText[]): readonly Place[] {
  const named = entriesOf(files)
    .filter((entry) => entry.group === group && entry.name === name)
    .map(({ file, at }) => ({ uri: file.uri, ...at }));
  const enabled = files
    .filter((file) => settingsOf(file.name) === groupOf(group)?.service)
    .flatMap((file) =>
      enabledIn(file, files)
        .filter((one) => one.group.group === group && one.name === name)
        .map(({ at }) => ({ uri: file.uri, ...at })),
    );
  return [...named, ...enabled];
}

/** The meaning of a group, as Markdown. */
function groupHover(name: string): string | undefined {
  const found = groupOf(name);
  if (found === undefined) return undefined;
  const { group, service, keys } = found;
  return `**${group}**: plugins of ${service}. Enabled by ${code(keys.join('.'))} in /etc/${service}/conf.d.`;
}

/** The groups, where one begins in quotes. */
function groupWords(before: string): readonly Word[] {
  if (!/['"[]\s*[\w.]*$/.test(before)) return [];
  return PLUGIN_GROUPS.map(({ group, service }) => ({
    label: group,
    kind: 'value',
    detail: `plugins of ${service}`,
  }));
}

/** Where an entry point leads: its attribute in its module. */
function codeOf({ module, attribute }: NamedEntry, files: readonly EditorText[]): readonly Place[] {
  const base = module.replaceAll('.', '/');
  const file = [`${base}.py`, `${base}/__init__.py`].flatMap(
    (name) => files.find((one) => one.name === name) ?? [],
  );
  return file.slice(0, 1).map(({ uri, text }) => {
    const start = attributeIn(text, attribute) ?? 0;
    return { uri, start, end: start };
  });
}

/** Where an attribute is made in a module: its offset in the text. */
function attributeIn(text: string, attribute: string): number | undefined {
  const match = new RegExp(
    String.raw`^(?:class|def|async def)[ \t]+(${attribute})\b|^(${attribute})\b[ \t]*[=:]`,
    'm',
  ).exec(text);
  return match === null ? undefined : match.index + match[0].indexOf(attribute);
}

export const PACKAGING: Language = {
  name: 'entry points',
  takes: isPackaging,
  hover: ({ file, offset, files }) => {
    const groups = groupsIn(file.text);
    const group = groups.find(({ at }) => holds(at, offset));
    if (group !== undefined) return groupHover(group.group);
    const entry = groups.flatMap(({ entries }) => entries).find(({ whole }) => holds(whole, offset));
    if (entry === undefined) return undefined;
    const places = placesOfEntry(entry.group, entry.name, files).filter(({ uri }) => uri !== file.uri);
    const where = places.map((place) => lineOf(files.find(({ uri }) => uri === place.uri) ?? file, place));
    const says = where.length === 0 ? 'No settings of this plugin name it.' : `Named in ${where.join(', ')}.`;
    return `entry point ${code(entry.name)} of ${code(entry.group)}. ${says}`;
  },
  words: ({ before }) => groupWords(before),
  definitions: ({ file, offset, files }) => {
    const entry = groupsIn(file.text)
      .flatMap(({ entries }) => entries)
      .find(({ whole }) => holds(whole, offset));
    return entry === undefined ? [] : codeOf(entry, files);
  },
  references: (asked) => entryAt(asked)?.places ?? [],
  rename: (asked) => entryAt(asked),
  outline: ({ text }) =>
    groupsIn(text).map(({ group, at, entries }): OutlinePart => ({
      name: group,
      kind: 'module',
      at,
      whole: { start: at.start, end: entries.at(-1)?.whole.end ?? at.end },
      parts: entries.map(({ name, at: own, whole }) => ({ name, kind: 'method', at: own, whole, parts: [] })),
    })),
};

/** The name of an entry point under a place, in a package or in settings. */
export function entryAt({
  file,
  offset,
  files,
}: {
  readonly file: EditorText;
  readonly offset: number;
  readonly files: readonly EditorText[];
}):
  | {
      readonly at: Span;
      readonly name: string;
      readonly kind: string;
      readonly places: readonly Place[];
      readonly group: string;
    }
  | undefined {
  const found = isPackaging(file.name)
    ? groupsIn(file.text).flatMap(({ entries }) => entries)
    : enabledIn(file, files).map(({ group, ...one }) => ({ ...one, group: group.group }));
  const entry = found.find(({ at }) => holds(at, offset));
  if (entry === undefined) return undefined;
  const { at, name, group } = entry;
  return { at, name, kind: 'entry point', group, places: placesOfEntry(group, name, files) };
}

/** The package that setup.cfg and pyproject.toml describe. Pure. */

import { readIni, type IniOption } from '../ini.ts';
import type { PythonFile, SetupSettings, TomlSettings } from './facts.ts';

/** Reads a setup.cfg. Source: setuptools, declarative config; configparser. */
export function readSetupCfg(text: string): PythonFile {
  const { sections, error } = readIni(text);
  const groups = sections.get('options.entry_points') ?? [];
  const entryPoints = groups.flatMap((group) =>
    listOf(group).map((entry) => ({ group: group.name, ...entry })),
  );
  const requires = optionOf(sections.get('options'), 'install_requires');
  const settings: SetupSettings = {
    ...named('name', sections.get('metadata')),
    ...named('version', sections.get('metadata')),
    entryPoints,
    requires: requires !== undefined && listOf(requires).length > 0,
  };
  const base = { imports: [], names: [], open: true, classes: [], calls: [] };
  // what configparser refuses, setuptools has nothing of
  if (error !== undefined) return { ...base, error: { ...error, column: 1 } };
  return { ...base, settings };
}

/** A list of setup.cfg: a line each, or commas on one line. */
function listOf({ lines }: IniOption): readonly { readonly text: string; readonly line: number }[] {
  const [only] = lines;
  const parts =
    lines.length > 1 || only === undefined
      ? lines
      : only.text.split(',').map((text) => ({ text: text.trim(), line: only.line }));
  return parts.filter(({ text }) => text !== '');
}

function optionOf(options: readonly IniOption[] | undefined, name: string): IniOption | undefined {
  return options?.find((option) => option.name === name || option.name === name.replaceAll('_', '-'));
}

function named(name: 'name' | 'version', options: readonly IniOption[] | undefined): Partial<SetupSettings> {
  const value = optionOf(options, name)
    ?.lines.map(({ text }) => text)
    .join('\n');
  return value === undefined ? {} : { [name]: value };
}

/** The values of tomllib, with the lines of entry points; it gives no places. */
export function tomlSettings(text: string, { entryPoints, ...rest }: TomlSettings): SetupSettings {
  const lines = text.split('\n');
  const plain = plainLines(lines);
  let searches = SEARCHES;
  const lineOf = (entry: string): number => {
    const known = plain.get(entry);
    if (known !== undefined) return known;
    // written in another way: quoted, dotted, in one line
    const [name = '', target = ''] = entry.split(' = ');
    if (searches-- <= 0) return 1;
    return lines.findIndex((line) => line.includes(name) && line.includes(target)) + 1 || 1;
  };
  const placed = Object.entries(entryPoints).flatMap(([group, list]) =>
    list.map((entry) => ({ group, text: entry, line: lineOf(entry) })),
  );
  return { ...rest, entryPoints: placed };
}

/** Entry points that are searched for in the whole text. */
const SEARCHES = 100;

/** `name = target` → the first line that says so. */
function plainLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [at, line] of lines.entries()) {
    const equals = line.indexOf('=');
    const [name, target] = [line.slice(0, equals), line.slice(equals + 1)].map((part) => part.trim());
    const quoted = /^"([^"]*)"|^'([^']*)'/.exec(target ?? '');
    const entry = `${name} = ${quoted?.[1] ?? quoted?.[2] ?? ''}`;
    if (quoted !== null && !found.has(entry)) found.set(entry, at + 1);
  }
  return found;
}

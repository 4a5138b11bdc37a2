/** Puts what a part needs into the packaging of a plugin that was not made by us. Pure. */

import type { FileTree } from '../edits/file-tree.ts';
import { mergeKeyed } from './keyed-merge.ts';
import { iniSections } from './line-blocks.ts';
import { LABELS } from './merge-trees.ts';
import { applyTextEdits, type TextEdit } from '../edits/text-edits.ts';
import { readIni } from '../readers/ini.ts';
import { nameMatcher } from '../support/glob.ts';
import { hasTomlKey, intoCfgList, intoTomlList } from './listed-names.ts';
import type { PythonValue } from '../readers/python/facts.ts';
import { setupCalls, writtenEntryPoints, writtenList } from '../readers/python/packaging.ts';
import {
  entryPointEdits,
  entryPointsKeyword,
  insertItems,
  keywordEdits,
  type EntryPointLine,
} from './setup-edits.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';

export interface Packaging {
  readonly entryPoints: readonly EntryPointLine[];
  /** Packages that the part brings, `pkg.part`. */
  readonly packages: readonly string[];
  /** Files in packages that are no Python, by their ending: `*.yml`. */
  readonly data: readonly string[];
}

export interface PackagingEdit {
  readonly path: string;
  readonly text: string;
  /** Names that it computes, or may: nothing can be said of them, or put there. */
  readonly unlisted: Pick<Packaging, 'packages' | 'data'>;
}

/** The changed packaging file; undefined when no file of it is written so that something can be added. */
export function addToPackaging(
  files: FileTree,
  wanted: Packaging,
  read: PythonTexts,
): PackagingEdit | undefined {
  const [setupPy, setupCfg, pyproject] = ['setup.py', 'setup.cfg', 'pyproject.toml'].map(
    (path) => files.get(path)?.text,
  );
  const { sections } = readIni(setupCfg ?? '');
  const cfgHasThem = sections.has('options') || sections.has('options.entry_points');
  const hasEntryPoints = setupCalls(setupPy === undefined ? undefined : read(setupPy)).some(
    ({ keywords }) => keywords['entry_points'] !== undefined,
  );
  const isProject = pyproject !== undefined && /^\[project\]/m.test(pyproject);
  if (
    setupPy !== undefined &&
    setupCalls(read(setupPy)).length > 0 &&
    !cfgHasThem &&
    (hasEntryPoints || !isProject)
  )
    return intoSetupPy(setupPy, wanted, read);
  if (setupCfg !== undefined && cfgHasThem) return intoSetupCfg(setupCfg, wanted);
  return isProject ? intoPyproject(pyproject, wanted) : undefined;
}

const NOTHING = { packages: [], data: [] };

function intoSetupCfg(text: string, wanted: Packaging): PackagingEdit | undefined {
  const packages = intoCfgList(text, { table: 'options', key: 'packages' }, wanted.packages);
  // `find:` finds them by itself
  const finds = /^packages\s*[=:]\s*find/m.test(text);
  const listed = finds ? text : (packages ?? text);
  const data = intoCfgList(listed, { table: 'options.package_data', key: '*' }, wanted.data);
  const rest = { ...wanted, data: data === undefined ? wanted.data : [] };
  return intoIni('setup.cfg', data ?? listed, cfgText(rest), NOTHING);
}

const SETUPTOOLS = 'tool.setuptools';

function intoPyproject(text: string, wanted: Packaging): PackagingEdit | undefined {
  const listed = intoTomlList(text, { table: SETUPTOOLS, key: 'packages' }, wanted.packages);
  const mine = listed ?? text;
  const data = intoTomlList(mine, { table: `${SETUPTOOLS}.package-data`, key: '*' }, wanted.data);
  // written in another way: a second table of that name would not be TOML
  const other =
    data === undefined &&
    (hasTomlKey(mine, { table: SETUPTOOLS, key: 'package-data' }) ||
      hasTomlKey(mine, { table: `${SETUPTOOLS}.package-data`, key: '*' }));
  const rest = { ...wanted, data: data === undefined && !other ? wanted.data : [] };
  const isOpen = listed === undefined && hasTomlKey(mine, { table: SETUPTOOLS, key: 'packages' });
  return intoIni('pyproject.toml', data ?? mine, tomlText(rest), {
    packages: isOpen ? wanted.packages : [],
    data: other ? wanted.data : [],
  });
}

function intoSetupPy(text: string, wanted: Packaging, read: PythonTexts): PackagingEdit | undefined {
  const file = read(text);
  const [call] = setupCalls(file);
  if (call === undefined) return undefined;
  const has = (name: string): boolean => call.keywords[name] !== undefined;
  const points = writtenEntryPoints(file);
  if (has('entry_points') && points === undefined) return undefined;
  const keywords = [
    ...(points === undefined ? [entryPointsKeyword(wanted.entryPoints)] : []),
    ...(wanted.data.length === 0 || has('package_data') ? [] : [`package_data={${dataOfAll(wanted.data)}}`]),
  ];
  const value = call.keywords['package_data'];
  const unlisted = {
    packages: unlistedPackages(call.keywords['packages'], wanted.packages),
    data: value === undefined ? [] : unlistedData(value, wanted.data),
  };
  const edits = [
    ...(points === undefined ? [] : entryPointEdits(text, points, { added: wanted.entryPoints })),
    ...packageEdits(text, call.keywords['packages'], wanted.packages),
    ...dataEdits(text, value, wanted.data),
    ...keywordEdits(text, call, keywords),
  ];
  return { path: 'setup.py', text: applyTextEdits(text, edits), unlisted };
}

/** Packages of which nobody knows whether setup() installs them. */
function unlistedPackages(value: PythonValue | undefined, packages: readonly string[]): readonly string[] {
  if (value === undefined || writtenList(value) !== undefined) return [];
  if (value.is !== 'call' || !/(?:^|\.)find_(?:namespace_)?packages$/.test(value.name)) return packages;
  const include = value.keywords['include'];
  if (include === undefined) return [];
  const patterns = writtenList(include)?.entries.map((entry) => nameMatcher(entry.value));
  return packages.filter((name) => patterns?.some((matches) => matches(name)) !== true);
}

/** Files of which nobody knows whether setup() installs them: a computed value may hold them. */
function unlistedData(value: PythonValue, data: readonly string[]): readonly string[] {
  if (value.is !== 'dict') return data;
  const ofAll = value.entries.find(([key]) => key.is === 'text' && key.value === '');
  return ofAll === undefined || writtenList(ofAll[1]) !== undefined ? [] : data;
}

/** Into a list of packages that is written out; find_packages() finds them by itself. */
function packageEdits(
  text: string,
  value: PythonValue | undefined,
  packages: readonly string[],
): readonly TextEdit[] {
  const list = writtenList(value);
  if (list === undefined) return [];
  const missing = packages.filter((name) => !list.entries.some((entry) => entry.value === name));
  return insertItems(text, list, missing.map(quoted));
}

/** Into `package_data` that is written out: the patterns of its key for all packages, which is made where it has none. */
function dataEdits(
  text: string,
  value: PythonValue | undefined,
  data: readonly string[],
): readonly TextEdit[] {
  if (value?.is !== 'dict') return [];
  const ofAll = value.entries.find(([key]) => key.is === 'text' && key.value === '');
  const list = writtenList(ofAll?.[1]);
  const missing = data.filter((pattern) => !list?.entries.some((entry) => entry.value === pattern));
  if (list !== undefined) return insertItems(text, list, missing.map(quoted));
  if (ofAll !== undefined || missing.length === 0) return [];
  const entries = value.entries.map(([, { from, to }]) => ({ value: '', from, to }));
  return insertItems(text, { entries, from: value.from + 1, to: value.to - 1 }, [dataOfAll(missing)]);
}

function dataOfAll(data: readonly string[]): string {
  return `'': [${data.map(quoted).join(', ')}]`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

function intoIni(
  path: string,
  mine: string,
  wanted: string,
  unlisted: PackagingEdit['unlisted'],
): PackagingEdit | undefined {
  const merged = mergeKeyed({ old: '', new: wanted, mine }, iniSections, LABELS);
  return merged === undefined || merged.conflicts > 0 ? undefined : { path, text: merged.text, unlisted };
}

function cfgText({ entryPoints, data }: Packaging): string {
  const groups = grouped(entryPoints).map(
    ([group, entries]) => `${group} =\n${entries.map((entry) => `    ${entry}\n`).join('')}`,
  );
  const files =
    data.length === 0 ? '' : `\n[options.package_data]\n* =\n${data.map((name) => `    ${name}\n`).join('')}`;
  return `[options.entry_points]\n${groups.join('')}${files}`;
}

function tomlText({ entryPoints, data }: Packaging): string {
  const groups = grouped(entryPoints).map(([group, entries]) => {
    const rows = entries.map((entry) => {
      const [name = '', target = ''] = entry.split('=').map((part) => part.trim());
      return `${name} = "${target}"\n`;
    });
    return `[project.entry-points."${group}"]\n${rows.join('')}`;
  });
  const files = data.map((name) => `"${name}"`).join(', ');
  return [
    ...groups,
    ...(data.length === 0 ? [] : [`[tool.setuptools.package-data]\n"*" = [${files}]\n`]),
  ].join('\n');
}

function grouped(points: readonly EntryPointLine[]): readonly (readonly [string, readonly string[]])[] {
  const groups = new Map<string, string[]>();
  for (const { group, entry } of points) groups.set(group, [...(groups.get(group) ?? []), entry]);
  return [...groups];
}

/** Puts what a part needs into the packaging of a plugin that was not made by us. Pure. */

import type { FileTree } from '../edits/file-tree.ts';
import { mergeKeyed } from './keyed-merge.ts';
import { iniSections } from './line-blocks.ts';
import { LABELS } from './merge-trees.ts';
import { applyTextEdits, type TextEdit } from '../edits/text-edits.ts';
import { readIni } from '../readers/ini.ts';
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
  if (setupPy !== undefined && setupCalls(read(setupPy)).length > 0 && !cfgHasThem) {
    const text = intoSetupPy(setupPy, wanted, read);
    return text === undefined ? undefined : { path: 'setup.py', text };
  }
  if (setupCfg !== undefined && cfgHasThem) return intoIni('setup.cfg', setupCfg, cfgText(wanted));
  if (pyproject !== undefined && /^\[project\]/m.test(pyproject))
    return intoIni('pyproject.toml', pyproject, tomlText(wanted));
  return undefined;
}

function intoSetupPy(text: string, wanted: Packaging, read: PythonTexts): string | undefined {
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
  const edits = [
    ...(points === undefined ? [] : entryPointEdits(text, points, { added: wanted.entryPoints })),
    ...packageEdits(text, call.keywords['packages'], wanted.packages),
    ...dataEdits(text, call.keywords['package_data'], wanted.data),
    ...keywordEdits(text, call, keywords),
  ];
  return applyTextEdits(text, edits);
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

function intoIni(path: string, mine: string, wanted: string): PackagingEdit | undefined {
  const merged = mergeKeyed({ old: '', new: wanted, mine }, iniSections, LABELS);
  return merged === undefined || merged.conflicts > 0 ? undefined : { path, text: merged.text };
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

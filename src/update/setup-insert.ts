/** Puts what a part needs into the packaging of a plugin that was not made by us. Pure. */

import type { FileTree } from '../edits/file-state.ts';
import { mergeKeyed } from './keyed-merge.ts';
import { iniSections } from './line-blocks.ts';
import { LABELS } from './merge-trees.ts';
import { addEntryPoint, readEntryPoints } from '../readers/python/setup-py.ts';

export interface EntryPointLine {
  readonly group: string;
  /** `name = module:attribute` */
  readonly entry: string;
}

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
export function addToPackaging(files: FileTree, wanted: Packaging): PackagingEdit | undefined {
  const [setupPy, setupCfg, pyproject] = ['setup.py', 'setup.cfg', 'pyproject.toml'].map(
    (path) => files.get(path)?.text,
  );
  const cfgHasThem = /^\[options(\.entry_points)?\]/m.test(setupCfg ?? '');
  if (setupPy !== undefined && /\bsetup\s*\(/.test(setupPy) && !cfgHasThem) {
    const text = intoSetupPy(setupPy, wanted);
    return text === undefined ? undefined : { path: 'setup.py', text };
  }
  if (setupCfg !== undefined && cfgHasThem) return intoIni('setup.cfg', setupCfg, cfgText(wanted));
  if (pyproject !== undefined && /^\[project\]/m.test(pyproject))
    return intoIni('pyproject.toml', pyproject, tomlText(wanted));
  return undefined;
}

function intoSetupPy(given: string, wanted: Packaging): string | undefined {
  let text: string | undefined = given;
  if (!/\bentry_points\s*=/.test(text)) text = addKeyword(text, 'entry_points={\n    },');
  for (const { group, entry } of wanted.entryPoints)
    text = text === undefined ? undefined : addEntryPoint(text, group, entry);
  if (text === undefined || readEntryPoints(text) === undefined) return undefined;
  text = addPackages(text, wanted.packages);
  const needsData = wanted.data.length > 0 && !/\b(package_data|include_package_data)\s*=/.test(text);
  if (!needsData) return text;
  const patterns = wanted.data.map((pattern) => `'${pattern}'`).join(', ');
  return addKeyword(text, `package_data={'': [${patterns}]},`);
}

/** A line of its own before the end of the call of setup(). */
function addKeyword(text: string, keyword: string): string | undefined {
  const end = /\n([ \t]*)\)[ \t]*(?:#.*)?\s*$/.exec(text);
  if (end === null) return undefined;
  const before = text.slice(0, end.index);
  const indent = /\n([ \t]+)\S[^\n]*$/.exec(before)?.[1] ?? '    ';
  const comma = /[,(]\s*(#[^\n]*)?$/.test(before.slice(before.lastIndexOf('\n'))) ? '' : ',';
  return `${before}${comma}\n${indent}${keyword.replaceAll('\n    ', `\n${indent}`)}${text.slice(end.index)}`;
}

/** Into a list of packages that is written out; find_packages() finds them by itself. */
function addPackages(text: string, packages: readonly string[]): string {
  const list = /\bpackages\s*=\s*\[([^\]]*)\]/.exec(text);
  if (list === null) return text;
  const missing = packages.filter((name) => !new RegExp(`["']${name}["']`).test(list[1] ?? ''));
  if (missing.length === 0) return text;
  const end = list.index + list[0].length - 1;
  const before = text.slice(0, end).trimEnd();
  const gap = text.slice(before.length, end);
  const comma = /[,[]$/.test(before) ? '' : ',';
  const join = gap.includes('\n') ? `\n${/\n([ \t]*)[^\n]*$/.exec(before)?.[1] ?? ''}` : ' ';
  const items = missing.map((name) => `'${name}'`).join(`,${join}`);
  const tail = gap.includes('\n') ? ',' : '';
  return `${before}${comma}${before.endsWith('[') && join === ' ' ? '' : join}${items}${tail}${text.slice(before.length)}`;
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
      const [name = '', target = ''] = entry.split(/\s*=\s*/);
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

/** The declarations of setup.py, setup.cfg and pyproject.toml: one reading for all who ask. Pure. */

import { parseEntryPoint, placedEntryPoints } from '../entry-points.ts';
import type { PythonCall, PythonFile, PythonString, PythonValue } from './facts.ts';

/** Files that can make a folder a Python package, in the order in which they count. */
export const PACKAGING = ['setup.py', 'setup.cfg', 'pyproject.toml'] as const;

export function isPackaging(file: string): boolean {
  return PACKAGING.some((name) => name === file);
}

/** Files that can say what setup() is not told. */
export const SETTINGS_FILES = ['setup.cfg', 'pyproject.toml'] as const;

/** An entry point that the packaging declares, and where. */
export interface DeclaredEntryPoint {
  readonly group: string;
  readonly name: string;
  readonly module: string;
  /** Empty when it names a module only. */
  readonly attribute: string;
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

/** The readings of the packaging files, by path. */
export type PackagingFiles = Readonly<Record<string, PythonFile>>;

/** Entry points of all three files, as far as they are literal. */
export function declaredEntryPoints(files: PackagingFiles): readonly DeclaredEntryPoint[] {
  return [
    ...setupCalls(files['setup.py']).flatMap(({ keywords }) => ofSetup(keywords['entry_points'])),
    ...SETTINGS_FILES.flatMap((file) =>
      (files[file]?.settings?.entryPoints ?? []).flatMap(({ group, text, line }) =>
        declared(group, text, { file, line }),
      ),
    ),
  ];
}

export function setupCalls(file: PythonFile | undefined): readonly PythonCall[] {
  return (file?.calls ?? []).filter(({ name }) => /(?:^|\.)setup$/.test(name));
}

function ofSetup(value: PythonValue | undefined): readonly DeclaredEntryPoint[] {
  if (value?.is === 'text') return ofText(value);
  if (value?.is !== 'dict') return [];
  return value.entries.flatMap(([group, list]) => {
    if (group.is !== 'text') return [];
    if (list.is === 'text')
      return list.value.split('\n').flatMap((text) => ofString(group.value, text, list));
    const items = list.is === 'list' ? list.items : [];
    return items.flatMap((item) => (item.is === 'text' ? ofString(group.value, item.value, item) : []));
  });
}

function ofString(
  group: string,
  text: string,
  { line, column }: PythonString,
): readonly DeclaredEntryPoint[] {
  return declared(group, text, { file: 'setup.py', line, column });
}

/** The form of entry_points.txt, as setup() takes it too. */
function ofText({ value, line, from, to }: PythonString): readonly DeclaredEntryPoint[] {
  // a text of several lines is longer than its value by its quotes; one with \n stands on one line
  const isBlock = to - from === value.length + 6;
  return placedEntryPoints(value).flatMap((point) =>
    declared(point.group, `${point.name} = ${point.value}`, {
      file: 'setup.py',
      line: isBlock ? line + point.line - 1 : line,
    }),
  );
}

function declared(
  group: string,
  text: string,
  place: Pick<DeclaredEntryPoint, 'file' | 'line' | 'column'>,
): readonly DeclaredEntryPoint[] {
  const point = parseEntryPoint(text);
  const [, module, attribute = ''] = /^([\w.-]+)\s*(?::\s*([\w.]+))?$/.exec(point?.value ?? '') ?? [];
  if (point === undefined || module === undefined) return [];
  return [{ group, name: point.name, module, attribute, ...place }];
}

/** The entry points of setup() that are written out, each list with the place of each of its items. */
export interface WrittenEntryPoints {
  readonly groups: readonly WrittenGroup[];
  /** Of the dictionary, behind `{` and at `}`. */
  readonly from: number;
  readonly to: number;
}

interface WrittenGroup extends WrittenList {
  readonly name: string;
}

export interface WrittenList {
  readonly entries: readonly Pick<PythonString, 'value' | 'from' | 'to'>[];
  /** Of the list, behind `[` and at `]`. */
  readonly from: number;
  readonly to: number;
}

/** The dictionary of `entry_points=` when it is written out: texts, and lists of texts. */
export function writtenEntryPoints(file: PythonFile | undefined): WrittenEntryPoints | undefined {
  const [call] = setupCalls(file);
  const value = call?.keywords['entry_points'];
  if (value?.is !== 'dict') return undefined;
  const groups = value.entries.map(([key, list]): WrittenGroup | undefined => {
    const written = writtenList(list);
    return key.is === 'text' && written !== undefined ? { name: key.value, ...written } : undefined;
  });
  if (!groups.every((group) => group !== undefined)) return undefined;
  return { groups, from: value.from + 1, to: value.to - 1 };
}

/** A list of texts that is written out. */
export function writtenList(value: PythonValue | undefined): WrittenList | undefined {
  if (value?.is !== 'list') return undefined;
  const entries = value.items.filter((item) => item.is === 'text');
  if (entries.length < value.items.length) return undefined;
  return { entries, from: value.from + 1, to: value.to - 1 };
}

import type { PythonValue, PythonFile } from '../readers/python/facts.ts';
import type { Subject } from './subject.ts';

/** An entry point that the plugin's packaging declares, and where. */
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

/** Entry points of setup.py, setup.cfg and pyproject.toml, as far as they are literal. */
export function entryPointsOf(subject: Subject): readonly DeclaredEntryPoint[] {
  const { python } = subject;
  if (python === undefined) return [];
  return [
    ...setupCalls(python.files['setup.py']).flatMap(({ keywords }) => ofSetup(keywords['entry_points'])),
    ...['setup.cfg', 'pyproject.toml'].flatMap((file) => ofSettings(subject, file, python.files[file])),
  ];
}

export function setupCalls(file: PythonFile | undefined): PythonFile['calls'] {
  return (file?.calls ?? []).filter(({ name }) => /(?:^|\.)setup$/.test(name));
}

function ofSetup(value: PythonValue | undefined): readonly DeclaredEntryPoint[] {
  if (value?.is === 'text') return ofText(value);
  if (value?.is !== 'dict') return [];
  return value.entries.flatMap(([group, list]) => {
    if (group.is !== 'text') return [];
    const items = list.is === 'list' ? list.items : [list];
    return items.flatMap((item) => {
      const parsed = item.is === 'text' ? parse(item.value) : undefined;
      if (parsed === undefined || item.is !== 'text') return [];
      return [{ group: group.value, ...parsed, file: 'setup.py', line: item.line, column: item.column }];
    });
  });
}

/** The form of entry_points.txt, as setup() takes it too. */
function ofText({ value, line, end }: Extract<PythonValue, { is: 'text' }>): readonly DeclaredEntryPoint[] {
  let group = '';
  return value.split('\n').flatMap((text, index) => {
    group = /^\s*\[(.+)\]\s*$/.exec(text)?.[1]?.trim() ?? group;
    const parsed = parse(text);
    if (parsed === undefined || group === '') return [];
    // a text of several lines has no end on its first
    return [{ group, ...parsed, file: 'setup.py', line: end === 0 ? line + index : line }];
  });
}

function ofSettings(
  subject: Subject,
  path: string,
  file: PythonFile | undefined,
): readonly DeclaredEntryPoint[] {
  const lines = subject.files.get(path)?.lines ?? [];
  return Object.entries(file?.settings?.entryPoints ?? {}).flatMap(([group, list]) =>
    list.flatMap((text) => {
      const parsed = parse(text);
      if (parsed === undefined) return [];
      const line = lines.findIndex(
        (written) => written.includes(parsed.module) && written.includes(parsed.name),
      );
      return [{ group, ...parsed, file: path, line: line + 1 || 1 }];
    }),
  );
}

function parse(text: string): { name: string; module: string; attribute: string } | undefined {
  const match = /^\s*([^=\s][^=]*?)\s*=\s*([\w.-]+)\s*(?::\s*([\w.]+))?\s*(?:\[.*\])?\s*$/.exec(text);
  if (match === null) return undefined;
  return { name: match[1] ?? '', module: match[2] ?? '', attribute: match[3] ?? '' };
}

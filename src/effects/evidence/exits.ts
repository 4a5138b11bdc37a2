/** The lines of a plugin that end the process of a service, and which of them it surely came to at its start. */

import { entryPointsOf } from '../../stage/entry-points.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import type { EntryPoint } from '../../wazo/entry-point.ts';
import { PYTHON_PATH } from '../../wazo/needs.ts';
import { effectsOfEntry } from '../../wazo/python-services.ts';
import { importersIn } from '../importers.ts';
import { endsAtOnce, endsBy } from './exit-ways.ts';
import type { UnitEnd } from './unit-end.ts';

/** A line, 1-based, of an installed file. */
export interface ExitLine {
  readonly path: string;
  readonly line: number;
}

/** The exits of a plugin. */
export interface Exits {
  /** The one that ended the service, and how that is known; undefined where it is not. */
  readonly known: (ExitLine & { readonly by: 'start' | 'only' | 'new' }) | undefined;
  readonly all: readonly ExitLine[];
}

/** The facts about an end, beside the plugin. */
export interface EndFacts {
  readonly end?: UnitEnd | undefined;
  /** The files before the change; absent where there were none. */
  readonly before?: StagedTree | undefined;
}

/** The line from which on a file is for its run as a program. */
const AS_PROGRAM = /^if[ \t]+__name__[ \t]*==/m;

/** An import that is not at the top of a file may never be run. */
const LATER_IMPORT = /^[ \t]+(?:import|from)\b.*$/gm;

/**
 * The lines of a plugin that can have ended the process of a service, as it ended. It surely comes to one at the top of
 * a module that is imported at the top of others from an entry point on, and to one of `__init__` and `load` of the
 * class that an entry point names, when no condition is around it. Of the others, the only one that ends a process so is
 * known, and the only one that is new. Source: Python, import; stevedore; xivo-lib-python, plugin loading.
 */
export function exitsOf(tree: StagedTree, unit: string, { end, before }: EndFacts = {}): Exits {
  const files = [...tree.values()].filter(isModule).map((file) => ({ file, found: exitsIn(file, end) }));
  const all = files.flatMap(({ file: { path }, found }) => found.map(({ line }) => ({ path, line })));
  if (all.length === 0) return { known: undefined, all };
  const points = entryPointsOf(tree).filter((entry) => restarts(effectsOfEntry(entry), unit));
  const first = atStart(files, tree, points, unit);
  if (first !== undefined) return { known: { ...first, by: 'start' }, all };
  if (end === undefined) return { known: undefined, all };
  const importers = importersIn(tree, entryPointsOf(tree));
  const reached = all.filter(({ path }) =>
    restarts(importers(PYTHON_PATH.exec(path)?.[1] ?? '', false), unit),
  );
  const only = onlyOne(reached);
  if (only !== undefined) return { known: { ...only, by: 'only' }, all };
  const fresh = onlyOne(reached.filter((one) => before !== undefined && isNew(one, tree, before)));
  return { known: fresh === undefined ? undefined : { ...fresh, by: 'new' }, all };
}

/** The exit that a service surely comes to when it starts. */
function atStart(
  files: readonly { readonly file: StagedFile; readonly found: readonly Found[] }[],
  tree: StagedTree,
  points: readonly EntryPoint[],
  unit: string,
): ExitLine | undefined {
  const importers = importersIn(atTopOnly(tree), points);
  const classes = points.map(classOf);
  const first = files.flatMap(({ file: { path }, found }) => {
    const name = PYTHON_PATH.exec(path)?.[1] ?? '';
    if (!restarts(importers(name, true), unit)) return [];
    const [one] = found.filter(({ around }) => around === '');
    return one === undefined ? [] : [{ path, line: one.line }];
  });
  if (first.length > 0) return onlyOne(first);
  const loaded = files.flatMap(({ file: { path }, found }) => {
    const name = PYTHON_PATH.exec(path)?.[1] ?? '';
    const own = classes.filter(({ file }) => file.includes(name)).map((one) => one.name);
    const at = (method: string): ExitLine | undefined => {
      const one = found.find(({ around }) => own.some((name_) => around === `${name_}.${method}`));
      return one === undefined ? undefined : { path, line: one.line };
    };
    return at('__init__') ?? at('load') ?? [];
  });
  return onlyOne(loaded);
}

/** Whether no line of the file was like it before. */
function isNew({ path, line }: ExitLine, tree: StagedTree, before: StagedTree): boolean {
  const linesOf = (file: StagedFile | undefined): readonly string[] =>
    (file?.bytes.toString('utf8') ?? '').split('\n').map((text) => text.trim());
  return !linesOf(before.get(path)).includes(linesOf(tree.get(path))[line - 1] ?? '');
}

/** Of several, nobody knows which came first. */
function onlyOne(lines: readonly ExitLine[]): ExitLine | undefined {
  return lines.length === 1 ? lines[0] : undefined;
}

function restarts(effects: ReturnType<typeof effectsOfEntry>, unit: string): boolean {
  return effects.some((effect) => effect.do === 'restart' && effect.unit === unit);
}

function isModule({ path, link, folder }: StagedFile): boolean {
  return link === undefined && folder !== true && path.endsWith('.py') && PYTHON_PATH.test(path);
}

/** The class of an entry point, and the files in which its module may be. */
function classOf({ value }: EntryPoint): { readonly file: readonly string[]; readonly name: string } {
  const [module = '', name = ''] = value.split(':').map((part) => part.trim());
  const base = module.replaceAll('.', '/');
  return { file: [`${base}.py`, `${base}/__init__.py`], name: name.replace(/\s[^]*$/, '') };
}

function atTopOnly(tree: StagedTree): StagedTree {
  const cut = [...tree].map(([path, file]): [string, StagedFile] => {
    if (!isModule(file)) return [path, file];
    return [path, { path, mode: file.mode, hash: '', bytes: Buffer.from(importText(file)) }];
  });
  return new Map(cut);
}

function importText({ bytes }: StagedFile): string {
  return bytes.toString('utf8').replaceAll(LATER_IMPORT, '');
}

interface Found {
  readonly line: number;
  /** Empty at the top of the module, `Plugin.load` in a method, undefined where a condition or a function is around it. */
  readonly around: string | undefined;
}

function exitsIn({ bytes }: StagedFile, end: UnitEnd | undefined): readonly Found[] {
  const lines = (bytes.toString('utf8').split(AS_PROGRAM)[0] ?? '').split('\n');
  const quoted = inQuotes(lines);
  return lines.flatMap((line, at) => {
    const code = line.replace(/(?:^|\s)#[^]*$/, '').replace(DEFINED, '');
    if (quoted.has(at) || endsBy(code, end) === false) return [];
    return [{ line: at + 1, around: code === line && endsAtOnce(code) ? around(lines, at) : undefined }];
  });
}

/** The head of a function, whose own name and parameters end nothing. */
const DEFINED = /^\s*(?:async\s+)?def\s+\w[^)]*\)\s*(?:->[^:]*)?:?/;

/** Lines within a text of several lines. */
function inQuotes(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let open: string | undefined;
  for (const [at, line] of lines.entries()) {
    if (open !== undefined) found.add(at);
    for (const [mark] of line.matchAll(/"""|'''/g)) {
      if (open === undefined) open = mark;
      else if (open === mark) open = undefined;
    }
  }
  return found;
}

/** The surroundings of a line: nothing, or a method of a class where the line is always come to. */
function around(lines: readonly string[], at: number): string | undefined {
  const heads: string[] = [];
  let inner = depthOf(lines[at] ?? '');
  for (let above = at - 1; above >= 0 && inner > 0; above -= 1) {
    const line = lines[above] ?? '';
    if (line.trim() === '') continue;
    const depth = depthOf(line);
    // what stands before it may have left the function
    if (heads.length === 0 && depth === inner && /^\s*(?:return|raise)\b/.test(line)) return undefined;
    if (depth >= inner) continue;
    inner = depth;
    heads.unshift(line.trim());
  }
  if (heads.length === 0) return '';
  const [outer = '', method = ''] = heads;
  const [, className] = /^class\s+(\w+)/.exec(outer) ?? [];
  const [, name] = /^def\s+(\w+)/.exec(method) ?? [];
  return heads.length === 2 && className !== undefined && name !== undefined
    ? `${className}.${name}`
    : undefined;
}

function depthOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

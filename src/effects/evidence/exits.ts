/** The lines of a plugin that end the process of a service, and which of them it surely came to at its start. */

import { entryPointsOf } from '../../stage/entry-points.ts';
import type { StagedFile, StagedTree } from '../../stage/tree.ts';
import type { EntryPoint } from '../../wazo/entry-point.ts';
import { PYTHON_PATH } from '../../wazo/needs.ts';
import { effectsOfEntry } from '../../wazo/python-services.ts';
import { importersIn } from '../importers.ts';

/** A line, 1-based, of an installed file. */
export interface ExitLine {
  readonly path: string;
  readonly line: number;
}

/** The exits of a plugin. */
export interface Exits {
  /** The one that the service surely came to; undefined where that is not known. */
  readonly known: ExitLine | undefined;
  readonly all: readonly ExitLine[];
}

const ENDS =
  /\braise[ \t]+SystemExit\b|\b(?:sys\.)?exit[ \t]*\(|\bquit[ \t]*\(|\bos\.(?:_exit|abort)[ \t]*\(/;

/** The same where nothing stands before it: no condition on its line. */
const ENDS_AT_ONCE = new RegExp(`^[ \\t]*(?:${ENDS.source})`);

/** The line from which on a file is for its run as a program. */
const AS_PROGRAM = /^if[ \t]+__name__[ \t]*==/m;

/** An import that is not at the top of a file may never be run. */
const LATER_IMPORT = /^[ \t]+(?:import|from)\b.*$/gm;

/**
 * The exits of a plugin in the process of a service. It surely comes to one at the top of a module that is imported at
 * the top of others from an entry point on, and to one of `__init__` and `load` of the class that an entry point
 * names, when no condition is around it. Source: Python, import; stevedore; xivo-lib-python, plugin loading.
 */
export function exitsOf(tree: StagedTree, unit: string): Exits {
  const files = [...tree.values()].filter(isModule).map((file) => ({ file, found: exitsIn(file) }));
  const all = files.flatMap(({ file: { path }, found }) => found.map(({ line }) => ({ path, line })));
  if (all.length === 0) return { known: undefined, all };
  const points = entryPointsOf(tree).filter((entry) => restarts(effectsOfEntry(entry), unit));
  const importers = importersIn(atTopOnly(tree), points);
  const classes = points.map(classOf);
  const first = files.flatMap(({ file: { path }, found }) => {
    const name = PYTHON_PATH.exec(path)?.[1] ?? '';
    if (!restarts(importers(name, true), unit)) return [];
    const [one] = found.filter(({ around }) => around === '');
    return one === undefined ? [] : [{ path, line: one.line }];
  });
  if (first.length > 0) return { known: onlyOne(first), all };
  const loaded = files.flatMap(({ file: { path }, found }) => {
    const name = PYTHON_PATH.exec(path)?.[1] ?? '';
    const own = classes.filter(({ file }) => file.includes(name)).map((one) => one.name);
    const at = (method: string): ExitLine | undefined => {
      const one = found.find(({ around }) => own.some((name_) => around === `${name_}.${method}`));
      return one === undefined ? undefined : { path, line: one.line };
    };
    return at('__init__') ?? at('load') ?? [];
  });
  return { known: onlyOne(loaded), all };
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
  return { file: [`${base}.py`, `${base}/__init__.py`], name: name.replace(/\s.*$/, '') };
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

function exitsIn({ bytes }: StagedFile): readonly Found[] {
  const text = bytes.toString('utf8').split(AS_PROGRAM)[0] ?? '';
  if (!ENDS.test(text)) return [];
  const lines = text.split('\n');
  const quoted = inQuotes(lines);
  return lines.flatMap((line, at) => {
    const code = line.replace(/(?:^|\s)#.*$/, '');
    if (quoted.has(at) || !ENDS.test(code) || /^\s*def\b/.test(code)) return [];
    return [{ line: at + 1, around: ENDS_AT_ONCE.test(code) ? around(lines, at) : undefined }];
  });
}

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

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunResult } from '../support/run.ts';
import { severalAtOnce } from '../support/work.ts';
import { gitAsNew, gitIn } from './call.ts';
import { isPassing } from './passing.ts';
import { descriptionOf, findRepository } from './repository.ts';
import { unlisted } from './unlisted.ts';

/** Names of a folder's files, relative to it, with the mode of git's index where the file system has none. */
export type GitNames = ReadonlyMap<string, number | undefined>;

/** Programs of git at a time. */
const AT_ONCE = 4;

/**
 * The files of each folder that git has: tracked, and untracked but not ignored. Folders of one repository
 * are listed by one git; folders outside any as git would list them after `git init`.
 */
export async function gitNames(dirs: readonly string[]): Promise<ReadonlyMap<string, GitNames>> {
  const found = new Map<string, GitNames>();
  const groups = new Map<string, string[]>();
  for (const dir of dirs) {
    const root = findRepository(dir)?.root ?? '';
    groups.set(root, [...(groups.get(root) ?? []), dir]);
  }
  const homeless = groups.get('') ?? [];
  groups.delete('');
  const outside: string[] = [];
  const listings = severalAtOnce([...groups], AT_ONCE, async ([root, members]) => {
    const listed = await listRepository(root, members);
    for (const dir of members) {
      const names = listed?.get(dir);
      if (names === undefined) outside.push(dir);
      else found.set(dir, names);
    }
  });
  await Promise.all(listings);
  for (const [dir, names] of await listWithoutRepository(homeless, outside)) found.set(dir, names);
  return found;
}

/** Undefined when git refuses the repository. */
async function listRepository(
  root: string,
  dirs: readonly string[],
): Promise<ReadonlyMap<string, GitNames> | undefined> {
  const [only] = dirs;
  if (dirs.length > 1 || only === undefined) return await listTogether(root, dirs);
  const names = await listIn(only, []);
  return names === undefined ? undefined : new Map([[only, names]]);
}

async function listTogether(
  root: string,
  dirs: readonly string[],
): Promise<ReadonlyMap<string, GitNames> | undefined> {
  const prefixes = dirs.map((dir) => path.relative(root, dir).split(path.sep).join('/'));
  const all = await listIn(root, ['--', ...prefixes.map((prefix) => `:(literal)${prefix}`)]);
  if (all === undefined) return undefined;
  return byFolder(dirs, prefixes, all);
}

/** Names of a common folder, split by the folders below it that they lie in. */
function byFolder(
  dirs: readonly string[],
  prefixes: readonly string[],
  all: GitNames,
): ReadonlyMap<string, GitNames> {
  const found = new Map(prefixes.map((prefix) => [`${prefix}/`, new Map<string, number | undefined>()]));
  for (const [name, mode] of all) {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1))
      found.get(name.slice(0, at + 1))?.set(name.slice(at + 1), mode);
  }
  return new Map(dirs.map((dir, index) => [dir, found.get(`${prefixes[index] ?? ''}/`) ?? new Map()]));
}

async function listIn(dir: string, more: readonly string[]): Promise<GitNames | undefined> {
  const listed = await gitIn(dir, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...more]);
  if (listed.status !== 0) return undefined;
  const names = new Map<string, number | undefined>();
  for (const name of lines(listed)) names.set(name, undefined);
  await leaveOutPassing(dir, names);
  if (await isTrue(dir, 'core.fileMode')) return names;
  // a link is a file there that holds where it leads
  const modes: Readonly<Record<string, number>> = {
    '100755': 0o755,
    ...((await isTrue(dir, 'core.symlinks')) ? {} : { '120000': 0o777 }),
  };
  for (const row of lines(await gitIn(dir, ['ls-files', '-z', '--stage', ...more]))) {
    const match = /^(\d{6}) \S+ \d\t([\s\S]+)$/.exec(row);
    if (match?.[2] !== undefined && names.has(match[2])) names.set(match[2], modes[match[1] ?? ''] ?? 0o644);
  }
  return names;
}

/** Leaves out what is there for a moment only, by its name; but a clone has what git tracks, whatever its name. */
async function leaveOutPassing(dir: string, names: Map<string, number | undefined>): Promise<void> {
  const passing = [...names.keys()].filter(isPassing);
  if (passing.length === 0) return;
  const tracked = new Set(lines(await gitIn(dir, ['ls-files', '-z', '--cached'])));
  for (const name of passing) if (!tracked.has(name)) names.delete(name);
}

/** Whether the file system is what git goes by, for exec bits or links. */
async function isTrue(dir: string, key: 'core.fileMode' | 'core.symlinks'): Promise<boolean> {
  const repository = findRepository(dir);
  // git init writes it down, where it is not so
  const own = repository === undefined ? undefined : descriptionOf(repository).get(key.toLowerCase());
  if (own !== undefined) return /^(?:true|yes|on|1)$/i.test(own);
  return (await gitIn(dir, ['config', '--bool', key])).stdout.trim() !== 'false';
}

/**
 * Each listed as git would list it after `git init`: its `.gitignore` files count. `refused` have a repository that
 * git does not read; folders without one are listed together where nothing above them has a say.
 */
async function listWithoutRepository(
  homeless: readonly string[],
  refused: readonly string[],
): Promise<ReadonlyMap<string, GitNames>> {
  const found = new Map<string, GitNames>();
  const alone = [...refused];
  for (const [root, dirs] of sharedParents(homeless)) {
    if (dirs.length === 1) {
      alone.push(...dirs);
      continue;
    }
    const prefixes = dirs.map((dir) => path.relative(root, dir).split(path.sep).join('/'));
    const names = await listOthers(root, ['--', ...prefixes.map((prefix) => `:(literal)${prefix}`)]);
    for (const [dir, own] of byFolder(dirs, prefixes, names)) found.set(dir, own);
  }
  const listings = severalAtOnce(alone, AT_ONCE, async (dir) => found.set(dir, await listOthers(dir, [])));
  await Promise.all(listings);
  return found;
}

async function listOthers(root: string, more: readonly string[]): Promise<GitNames> {
  const listed = await gitAsNew(root, ['ls-files', '-z', '--others', '--exclude-standard', ...more]);
  if (listed.status !== 0) throw await unlisted(root, listed);
  return new Map(lines(listed).flatMap((name) => (isPassing(name) ? [] : [[name, undefined]])));
}

/** Folders beside each other; where their parent has a `.gitignore`, which is not theirs, each on its own. */
function sharedParents(dirs: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const dir of dirs) {
    const parent = path.dirname(dir);
    const root = existsSync(path.join(parent, '.gitignore')) ? dir : parent;
    found.set(root, [...(found.get(root) ?? []), dir]);
  }
  return found;
}

function lines({ stdout }: RunResult): readonly string[] {
  return stdout.split('\0').filter((line) => line !== '');
}

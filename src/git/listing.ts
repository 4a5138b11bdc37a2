import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { run, type RunResult } from '../support/run.ts';
import { severalAtOnce } from '../support/work.ts';
import { statOf } from '../support/stat.ts';
import { whileItWorks } from './impatient.ts';
import { readTextIfPossible } from '../support/read-file.ts';

/** Names of a folder's files, relative to it, with the mode of git's index where the file system has none. */
export type GitNames = ReadonlyMap<string, number | undefined>;

/** Programs of git at a time. */
const AT_ONCE = 4;

/**
 * The files of each folder that git would hand out: tracked, and untracked but not ignored. Folders of one repository
 * are listed by one git; folders outside any as git would list them after `git init`.
 */
export async function gitNames(dirs: readonly string[]): Promise<ReadonlyMap<string, GitNames>> {
  const found = new Map<string, GitNames>();
  const groups = new Map<string, string[]>();
  for (const dir of dirs) {
    const root = repositoryOf(dir) ?? '';
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

/** The nearest folder at or above `dir` with a `.git`, looked for as git does. */
function repositoryOf(dir: string): string | undefined {
  // then only git itself knows
  if (process.env['GIT_DIR'] !== undefined) return dir;
  for (let folder = dir; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
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
  const listed = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...more], dir);
  if (listed.status !== 0) return undefined;
  const names = new Map<string, number | undefined>();
  for (const name of lines(listed)) names.set(name, undefined);
  if (await keepsModes(dir)) return names;
  for (const row of lines(await git(['ls-files', '-z', '--stage', ...more], dir))) {
    const match = /^(\d{6}) \S+ \d\t([\s\S]+)$/.exec(row);
    if (match?.[2] !== undefined) names.set(match[2], match[1] === '100755' ? 0o755 : 0o644);
  }
  return names;
}

/** Whether the exec bits of the file system are what git goes by. */
async function keepsModes(dir: string): Promise<boolean> {
  const root = repositoryOf(dir);
  const config = root === undefined ? '' : (readTextIfPossible(path.join(root, '.git/config')) ?? '');
  // git init writes it down; what else could say otherwise is left to git
  const plain =
    /^[ \t]*filemode[ \t]*=[ \t]*true[ \t\r]*$/im.test(config) &&
    !/^[ \t]*\[(?:include|extensions)/im.test(config);
  if (plain && !/^[ \t]*filemode[ \t]*=[ \t]*(?:false|no|off|0)/im.test(config)) return true;
  return (await git(['config', '--bool', 'core.fileMode'], dir)).stdout.trim() !== 'false';
}

/**
 * Each listed as git would list it after `git init`: its `.gitignore` files count. `refused` have a repository that
 * git does not read; folders without one are listed together where nothing above them has a say.
 */
async function listWithoutRepository(
  homeless: readonly string[],
  refused: readonly string[],
): Promise<ReadonlyMap<string, GitNames>> {
  if (homeless.length + refused.length === 0) return new Map();
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'wdev-git-'));
  try {
    // all that git asks of a repository; git init would take longer than the listing
    for (const name of ['objects', 'refs']) mkdirSync(path.join(scratch, name));
    writeFileSync(path.join(scratch, 'HEAD'), 'ref: refs/heads/master\n');
    writeFileSync(path.join(scratch, 'config'), '[core]\n\trepositoryformatversion = 0\n');
    const listOthers = (root: string, more: readonly string[]): Promise<RunResult> => {
      const where = [`--git-dir=${scratch}`, `--work-tree=${root}`];
      return git([...where, 'ls-files', '-z', '--others', '--exclude-standard', ...more], root);
    };
    const found = new Map<string, GitNames>();
    const alone = [...refused];
    for (const [root, dirs] of sharedParents(homeless)) {
      if (dirs.length === 1) {
        alone.push(...dirs);
        continue;
      }
      const prefixes = dirs.map((dir) => path.relative(root, dir).split(path.sep).join('/'));
      const listed = await listOthers(root, ['--', ...prefixes.map((prefix) => `:(literal)${prefix}`)]);
      if (listed.status !== 0) throw gitMissing(root, listed);
      const names = new Map(lines(listed).map((name) => [name, undefined]));
      for (const [dir, own] of byFolder(dirs, prefixes, names)) found.set(dir, own);
    }
    const listings = severalAtOnce(alone, AT_ONCE, async (dir) => {
      const listed = await listOthers(dir, []);
      if (listed.status !== 0) throw gitMissing(dir, listed);
      found.set(dir, new Map(lines(listed).map((name) => [name, undefined])));
    });
    await Promise.all(listings);
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
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

function gitMissing(dir: string, { status, stderr }: RunResult): UserError {
  const folderIsGone = statOf(dir)?.isDirectory() !== true;
  const why = folderIsGone ? 'the folder is gone' : stderr.trim();
  const help = status === 127 && !folderIsGone ? { help: 'Install it (Debian: apt-get install git).' } : {};
  return new UserError('git-missing', `git is needed to list the files of ${dir}: ${why}`, help);
}

function git(args: readonly string[], cwd: string): Promise<RunResult> {
  return whileItWorks(cwd, (signal) => run(['git', ...args], { cwd, signal }));
}

function lines({ stdout }: RunResult): readonly string[] {
  return stdout.split('\0').filter((line) => line !== '');
}

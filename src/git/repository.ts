/** Where a repository lies, and what of its configuration describes it: read without git. */

import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { readTextIfPossible } from '../support/read-file.ts';
import { lstatOf, statOf } from '../support/stat.ts';

export interface Repository {
  /** The folder with the `.git`. */
  readonly root: string;
  /** Where HEAD and the index are. */
  readonly gitDir: string;
  /** Where branches and objects are: another folder for a linked work tree. */
  readonly commonDir: string;
}

/** A file that names another folder, or HEAD, has one line. */
const LINE = 4096;
const CONFIG = 2 ** 20;

/**
 * The repository that a folder lies in, looked for as git does; undefined without one. A folder that is itself laid
 * out as a bare repository is none: its files are somebody's, and may have come with the plugin.
 */
export function findRepository(dir: string): Repository | undefined {
  const start = path.resolve(dir);
  const ceilings = (process.env['GIT_CEILING_DIRECTORIES'] ?? '').split(path.delimiter);
  const device = statOf(start)?.dev;
  for (let folder = start; ; folder = path.dirname(folder)) {
    const found = repositoryAt(folder);
    if (found === 'broken') return undefined;
    if (found !== undefined) return found;
    const above = path.dirname(folder);
    if (above === folder || ceilings.includes(above)) return undefined;
    if (process.env['GIT_DISCOVERY_ACROSS_FILESYSTEM'] === undefined && statOf(above)?.dev !== device)
      return undefined;
  }
}

/** `broken` where git would look no further. */
function repositoryAt(folder: string): Repository | 'broken' | undefined {
  const entry = path.join(folder, '.git');
  const stat = statOf(entry);
  if (stat?.isDirectory() === true) return openAt(folder, entry);
  if (stat?.isFile() !== true) return undefined;
  // a linked work tree or a submodule names its folder in a file (gitrepository-layout)
  const named = /^gitdir: ([^\0\n\r]+)/.exec(readTextIfPossible(entry, LINE) ?? '')?.[1];
  return (named === undefined ? undefined : openAt(folder, path.resolve(folder, named))) ?? 'broken';
}

function openAt(root: string, gitDir: string): Repository | undefined {
  const common = readTextIfPossible(path.join(gitDir, 'commondir'), LINE)?.trim();
  const commonDir = common === undefined ? gitDir : path.resolve(gitDir, common);
  const isWhole =
    headOf(gitDir) !== undefined &&
    ['objects', 'refs'].every((name) => statOf(path.join(commonDir, name))?.isDirectory() === true);
  return isWhole ? { root, gitDir, commonDir } : undefined;
}

/** A repository at a path that somebody named: bare, or with a `.git` in it. */
export function namedRepository(folder: string): Repository | undefined {
  for (const candidate of [path.join(folder, '.git'), folder, `${folder}.git`]) {
    const found = openAt(candidate, candidate);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text of HEAD, on one line; undefined when it is none. */
export function headOf(gitDir: string): string | undefined {
  const file = path.join(gitDir, 'HEAD');
  const text =
    lstatOf(file)?.isSymbolicLink() === true ? `ref: ${readlinkSync(file)}` : readTextIfPossible(file, LINE);
  return /^(?:ref:\s*refs\/\S+|[0-9a-f]{40}|[0-9a-f]{64})$/.exec(text?.trim() ?? '')?.[0];
}

const BOOLEAN = /^(?:true|yes|on|1|false|no|off|0)$/i;

/** The keys that describe a repository and its file system. Everything else in its configuration is somebody's wish. */
const DESCRIBES: Readonly<Record<string, RegExp>> = {
  'core.repositoryformatversion': /^\d$/,
  'core.autocrlf': /^(?:true|yes|on|1|false|no|off|0|input)$/i,
  'core.checkstat': /^(?:default|minimal)$/i,
  'core.eol': /^(?:lf|crlf|native)$/i,
  'core.safecrlf': /^(?:true|yes|on|1|false|no|off|0|warn)$/i,
  ...Object.fromEntries(
    [
      'core.filemode',
      'core.ignorecase',
      'core.longpaths',
      'core.precomposeunicode',
      'core.sparsecheckout',
      'core.sparsecheckoutcone',
      'core.symlinks',
      'core.trustctime',
      'index.sparse',
    ].map((key) => [key, BOOLEAN]),
  ),
};

/**
 * Extensions say how the repository is stored, and git refuses one that it does not know. A partial clone would fetch
 * what is missing, by the program that its remote names; the settings of a linked work tree are read here.
 */
const STORAGE = /^extensions\.(?!partialclone$|worktreeconfig$)[a-z0-9]+$/;
const STORAGE_VALUE = /^[A-Za-z0-9-]+$/;

/** The keys, in lower case, that describe a repository, with their values. Includes are not followed. */
export function descriptionOf(repository: Repository): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const own = configOf(repository);
  const more = /worktreeconfig/i.test(own)
    ? (readTextIfPossible(path.join(repository.gitDir, 'config.worktree'), CONFIG) ?? '')
    : '';
  for (const [key, value] of readConfig(`${own}\n${more}`)) {
    const grammar = STORAGE.test(key) ? STORAGE_VALUE : DESCRIBES[key];
    if (grammar?.test(value) === true) found.set(key, value);
  }
  return found;
}

/** The text of a repository's configuration. */
export function configOf({ commonDir }: Repository): string {
  return readTextIfPossible(path.join(commonDir, 'config'), CONFIG) ?? '';
}

/** The author's name that a repository sets for itself. */
export function userNameOf(repository: Repository): string | undefined {
  return [...readConfig(configOf(repository))].findLast(([key]) => key === 'user.name')?.[1];
}

/** The account that a repository names for its commits, as settings of git. */
export function identityOf(repository: Repository): readonly string[] {
  const known = new Map(readConfig(configOf(repository)));
  return ['user.name', 'user.email'].flatMap((key) => {
    const value = known.get(key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
}

/** Values of a subsection of the configuration, `branch "main"`, by their keys; the last one of each. */
export function subsectionOf(
  repository: Repository,
  section: string,
  name: string,
): ReadonlyMap<string, string> {
  const head = `${section} "${name}".`;
  const rows = [...readConfig(configOf(repository))].filter(([key]) => key.startsWith(head));
  return new Map(rows.map(([key, value]) => [key.slice(head.length), value]));
}

/** Names of the subsections of a section: `origin` of `remote`. */
export function subsectionsOf(repository: Repository, section: string): readonly string[] {
  const names = [...readConfig(configOf(repository))].flatMap(
    ([key]) => new RegExp(`^${section} "(.+)"\\.[^.]+$`).exec(key)?.[1] ?? [],
  );
  return [...new Set(names)];
}

/** The values that are read are short. */
const KEY_LINE = 1000;

/** Keys with values of one line. */
function* readConfig(text: string): Generator<readonly [string, string]> {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.length > KEY_LINE) continue;
    const [, name, rest = line] = /^\s*\[([^\]"]*(?:"(?:[^"\\]|\\.)*"\s*)?)\](.*)$/.exec(line) ?? [];
    // the name of a subsection has its case (git-config, syntax)
    if (name !== undefined) section = name.trim().replace(/^[^"]*/, (word) => word.toLowerCase());
    const [, key, quoted, plain] =
      /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(?:"([^"\\]*)"\s*|([^"\\#;]*)))?(?:[#;].*)?$/.exec(rest) ?? [];
    if (key !== undefined) yield [`${section}.${key.toLowerCase()}`, quoted ?? plain?.trim() ?? 'true'];
  }
}

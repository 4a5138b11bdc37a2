/**
 * A clone on a server need not have the bytes of the work tree: line ends, encodings, `$Id$` and filters are converted
 * when git stores a file, and when it hands it out (gitattributes). git itself does both here, as `git add` and a
 * server's `git clone` would, with an index and objects of our own, and only where something may be converted.
 */

import { copyFileSync, existsSync, mkdirSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { encodeName } from '../support/file-name.ts';
import { readTextIfPossible } from '../support/read-file.ts';
import { statOf } from '../support/stat.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { gitAsNew, gitIn, gitOnServer } from './call.ts';
import type { Content } from './content.ts';
import { findRepository, type Repository } from './repository.ts';

interface Listed extends Content {
  readonly path: string;
  readonly link?: string;
}

/**
 * Lets `read` look at the files of a plugin's folder as a clone on a server has them: at each that may have other
 * bytes there, by its name and the path of a copy, which is gone afterwards.
 * @throws UserError `file-unreadable` when git cannot store a file
 */
export async function readHandedOut(
  dir: string,
  files: Iterable<Listed>,
  read: (name: string, copy: string) => void,
): Promise<void> {
  const repository = findRepository(dir);
  const names = await convertible(dir, repository, files);
  if (names.length === 0) return;
  const folder = temporaryFolder('clone');
  try {
    const copies = await handOut(dir, repository, names, folder);
    for (const name of names) {
      const copy = path.join(copies, name);
      // one that went away meanwhile has none
      if (existsSync(copy)) read(name, copy);
    }
  } finally {
    removeFolder(folder);
  }
}

/** Stores files in objects of our own, and writes what a server's git makes of them: the folder that they lie in. */
async function handOut(
  dir: string,
  repository: Repository | undefined,
  names: readonly string[],
  folder: string,
): Promise<string> {
  const [index, objects, copies] = ['index', 'objects', 'copies'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(objects);
  if (repository !== undefined) copyIndex(path.join(repository.gitDir, 'index'), index);
  const env = {
    GIT_INDEX_FILE: index,
    GIT_OBJECT_DIRECTORY: objects,
    // in quotes a path may have a colon (git, environment)
    ...(repository === undefined
      ? {}
      : { GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(path.join(repository.commonDir, 'objects')) }),
  };
  const options = { env, input: terminated(names), settings: ['core.safecrlf=false'] };
  const add = ['update-index', '--add', '--remove', '-z', '--stdin'];
  const { status, stderr } =
    repository === undefined ? await gitAsNew(dir, add, options) : await gitIn(dir, add, options);
  if (status !== 0) {
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new UserError('file-unreadable', `git cannot store a file of ${dir}: ${why}`, {
      help: 'See what git add says, and .gitattributes.',
    });
  }
  const write = ['checkout-index', '--quiet', '-z', '--stdin', `--prefix=${copies}${path.sep}`];
  await gitOnServer(dir, repository, write, options);
  return path.join(copies, path.relative(repository?.root ?? dir, dir));
}

/** As git looks at a file again that was written in the second of its index, the copy is older. */
function copyIndex(from: string, to: string): void {
  const there = statOf(from);
  // a pipe would be waited for
  if (there?.isFile() !== true) return;
  const time = Math.floor(there.mtimeMs / 1000);
  copyFileSync(from, to);
  utimesSync(to, time, time);
}

/** Attributes by which git may convert a file. */
const CONVERT = ['text', 'eol', 'crlf', 'ident', 'filter', 'working-tree-encoding'];
/** Attributes that convert files without CRLF, and macros, which may stand for any. */
const ANY_FILE = /eol=crlf|(?:^|\s)ident\b|filter=|working-tree-encoding=|\[attr\]/m;

/** Names of the files that a clone may have with other bytes; git is asked where attributes say so. */
async function convertible(
  dir: string,
  repository: Repository | undefined,
  files: Iterable<Listed>,
): Promise<readonly string[]> {
  const listed = [...files].filter(({ link }) => link === undefined);
  const attributes = attributesOf(dir, repository, listed);
  const looks = new Map(listed.map((file) => [file.path, looksOf(file)]));
  const suspects = listed
    .map((file) => file.path)
    .filter((name) => ANY_FILE.test(attributes) || looks.get(name)?.crlf === true);
  // the setting core.autocrlf converts what looks like text
  if (attributes === '' || suspects.length === 0)
    return suspects.filter((name) => looks.get(name)?.zero === false);
  const has = await attributesByGit(dir, repository, suspects);
  return suspects.filter((name) => mayConvert(has.get(name) ?? new Map(), looks.get(name)));
}

type Attributes = ReadonlyMap<string, string>;

/** The attributes of files that convert, as git reads them. */
async function attributesByGit(
  dir: string,
  repository: Repository | undefined,
  names: readonly string[],
): Promise<ReadonlyMap<string, Attributes>> {
  const args = ['check-attr', '-z', '--stdin', ...CONVERT];
  const { stdout } = await (repository === undefined ? gitAsNew : gitIn)(dir, args, {
    input: terminated(names),
  });
  const has = new Map<string, Map<string, string>>();
  const words = stdout.split('\0');
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [name = '', key = '', value = ''] = words.slice(at, at + 3);
    has.set(name, (has.get(name) ?? new Map<string, string>()).set(key, value));
  }
  return has;
}

/** The files, by name, that a clone on a server would have with LF if they were saved with CRLF. */
export async function keptAsLf(dir: string, names: readonly string[]): Promise<ReadonlySet<string>> {
  const repository = findRepository(dir);
  const [has, setting] = await Promise.all([
    attributesByGit(dir, repository, names),
    (repository === undefined ? gitAsNew : gitIn)(dir, ['config', '--get', 'core.autocrlf']),
  ]);
  const isAuto = /^(?:true|yes|on|1|input)$/i.test(setting.stdout.trim());
  return new Set(names.filter((name) => isKeptAsLf(has.get(name) ?? new Map(), isAuto)));
}

/** Source: gitattributes(5), gitconfig(5) core.autocrlf. */
function isKeptAsLf(has: Attributes, isAuto: boolean): boolean {
  const of = (key: string): string => has.get(key) ?? 'unspecified';
  if (of('eol') === 'crlf' || of('text') === 'unset') return false;
  if (of('text') !== 'unspecified' || of('eol') === 'lf') return true;
  if (of('crlf') !== 'unspecified') return of('crlf') !== 'unset';
  return isAuto;
}

/** Source: gitattributes(5). */
function mayConvert(has: Attributes, looks: Looks | undefined): boolean {
  const of = (key: string): string => has.get(key) ?? 'unspecified';
  const isNamed = (key: string): boolean => !['unspecified', 'unset', 'set'].includes(of(key));
  if (of('ident') === 'set' || isNamed('filter') || isNamed('working-tree-encoding')) return true;
  if (of('text') === 'unset' || of('crlf') === 'unset') return false;
  if (of('eol') === 'crlf') return true;
  const isText = of('text') === 'set' || of('crlf') !== 'unspecified' || isNamed('eol');
  return looks?.crlf === true && (isText || !looks.zero);
}

interface Looks {
  readonly crlf: boolean;
  /** A zero byte, by which git knows what is no text. */
  readonly zero: boolean;
}

function looksOf(file: Listed): Looks {
  let [crlf, zero] = [false, false];
  for (const piece of file.large?.pieces() ?? [file.bytes]) {
    crlf ||= piece.includes('\r\n');
    zero ||= piece.includes(0);
    if (crlf && zero) break;
  }
  return { crlf, zero };
}

const ATTRIBUTES = 2 ** 20;

/** The texts of all attributes that count for files of a folder. */
function attributesOf(dir: string, repository: Repository | undefined, listed: readonly Listed[]): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config');
  const files = new Set([path.join(config, 'git/attributes'), '/etc/gitattributes']);
  if (repository !== undefined) files.add(path.join(repository.commonDir, 'info/attributes'));
  const root = path.resolve(repository?.root ?? dir);
  for (const file of listed) {
    let folder = path.resolve(dir, file.path);
    do {
      folder = path.dirname(folder);
      const known = files.size;
      if (files.add(path.join(folder, '.gitattributes')).size === known) break;
    } while (folder !== root && folder !== path.dirname(folder));
  }
  return [...files]
    .map((file) => readTextIfPossible(file, ATTRIBUTES) ?? '')
    .join('\n')
    .trim();
}

function terminated(names: readonly string[]): Buffer {
  return encodeName(names.map((name) => `${name}\0`).join(''));
}

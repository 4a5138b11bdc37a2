import { decodeName, encodeName } from '../support/file-name.ts';
import { journalPath, journalName, quote } from '../support/quote.ts';
import type { Target } from './target.ts';

/** A Debian package that is installed on a target. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** The package that brought a file. */
export interface Owner extends DebianPackage {
  /** The MD5 of the file as it was brought; undefined of links and folders, and where the database does not tell. */
  readonly md5: string | undefined;
}

/** The answer of a target's package database. */
export interface Owners {
  /** Path → its package; of a folder, its only one. */
  readonly of: ReadonlyMap<string, Owner>;
  /** Those of several packages. */
  readonly shared: ReadonlySet<string>;
  /** Byte-code that the packages of those files brought. */
  readonly byteCode: readonly string[];
}

const NONE: Owners = { of: new Map(), shared: new Set(), byteCode: [] };

/**
 * Asks which Debian packages brought these files, and which folders are of one package alone. Names with line breaks are
 * never of one.
 */
export async function readOwners(
  target: Target,
  files: Iterable<string>,
  folders: Iterable<string> = [],
): Promise<Owners> {
  const canBe = (path: string): boolean => !path.includes('\n') && path !== '/';
  const [ofFiles, ofFolders] = [[...files].filter(canBe), [...folders].filter(canBe)];
  if (ofFiles.length + ofFolders.length === 0) return NONE;
  const lines = (mark: string, paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => [path, ...otherSpelling(path)]).map((path) => `${mark} ${path}\n`);
  const input = [...lines('F', ofFiles), ...lines('D', ofFolders)].join('');
  const { stdout } = await target.run('wdev_owners', { input: encodeName(input) });
  return readAnswer(decodeName(stdout), new Set([...ofFiles, ...ofFolders]));
}

/** All files and folders of an installed package; undefined when it is not there. */
export async function readPackage(
  target: Target,
  name: string,
): Promise<(DebianPackage & { readonly files: readonly string[] }) | undefined> {
  const { stdout } = await target.run(`wdev_package_files ${quote(name)}`);
  const lines = decodeName(stdout).split('\n');
  // of a package that was removed, settings and folders may be left
  const found = / config-files /.test(lines[0] ?? '') ? undefined : packageLine(lines[0] ?? '');
  const files = lines.flatMap((line) => (line.startsWith('L /') && line !== 'L /.' ? [line.slice(2)] : []));
  return found === undefined ? undefined : { ...found, files };
}

/** `/lib/x` for `/usr/lib/x`, and the other way round. */
function otherSpelling(path: string): readonly string[] {
  if (/^\/usr\/(?:lib|lib64|bin|sbin)\//.test(path)) return [path.slice('/usr'.length)];
  return /^\/(?:lib|lib64|bin|sbin)\//.test(path) ? [`/usr${path}`] : [];
}

function readAnswer(text: string, asked: ReadonlySet<string>): Owners {
  const of = new Map<string, Owner>();
  const shared = new Set<string>();
  const byteCode: string[] = [];
  let isMerged = false;
  let current: DebianPackage = { name: '', version: '' };
  const places = (path: string): readonly string[] =>
    [path, ...(isMerged ? otherSpelling(path) : [])].filter((one) => asked.has(one));
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === 'A') isMerged = true;
    else if (line.startsWith('P ')) {
      current = packageLine(line) ?? current;
      sums.clear();
    } else if (line.startsWith(' ')) {
      const [, path = '', md5 = ''] =
        /^ (\/.*) ([0-9a-f]{32})(?: obsolete)?(?: remove-on-upgrade)?$/.exec(line) ?? [];
      if (path !== '') sums.set(path, md5);
    } else if (line.startsWith('L ')) {
      for (const path of places(line.slice(2))) {
        if (of.has(path)) shared.add(path);
        of.set(path, { ...current, md5: sums.get(line.slice(2)) });
      }
    } else if (line.startsWith('C ')) byteCode.push(line.slice(2));
    else if (line.startsWith('H ')) {
      const [, md5 = '', name = ''] = /^H ([0-9a-f]{32}) [ *](.+)$/.exec(line) ?? [];
      for (const path of places(`/${name}`)) {
        if (of.get(path)?.name === current.name) of.set(path, { ...current, md5 });
      }
    }
  }
  return { of, shared, byteCode };
}

/** `P NAME STATE VERSION`. */
function packageLine(line: string): DebianPackage | undefined {
  const [, name = '', version = ''] = /^P (\S+) \S+ (\S+)$/.exec(line) ?? [];
  return name === '' ? undefined : { name: name.replace(/:[^:]*$/, ''), version };
}

/** Whether two answers about one path speak of the same file of the same package. */
export function sameOwner(a: Owner | undefined, b: Owner | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.name !== b.name) return false;
  return a.md5 !== undefined && b.md5 !== undefined ? a.md5 === b.md5 : a.version === b.version;
}

/** The source of a file of byte-code; undefined when it is none. */
export function sourceOfByteCode(path: string): string | undefined {
  const [, folder, name] = /^(.*)\/__pycache__\/([^/]+?)\.[^/.]+(?:\.opt-\d)?\.pyc$/.exec(path) ?? [];
  return name === undefined ? undefined : `${folder}/${name}.py`;
}

/** A line of the list of owners in the state folder; `readOwnerLine` reads it. */
export function ownerLine(path: string, { name, version, md5 }: Owner): string {
  return `${name} ${version} ${md5 ?? '-'} ${journalName(path)}`;
}

export function readOwnerLine(line: string): readonly (readonly [string, Owner])[] {
  const [, name = '', version = '', md5 = '', path = ''] = /^(\S+) (\S+) (\S+) (\/.*)$/s.exec(line) ?? [];
  if (path === '') return [];
  return [[journalPath(path), { name, version, md5: md5 === '-' ? undefined : md5 }]];
}

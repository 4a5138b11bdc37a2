import path from 'node:path/posix';
import { globMatcher } from '../support/glob.ts';
import type { ShellWord } from '../readers/shell/word.ts';

/** A copy that fails: its source is not in the repository, or nothing made the folder that it goes to. */
export interface Gap {
  readonly kind: 'source' | 'folder';
  readonly path: string;
  /** Offset of the command in `wazo/rules`. */
  readonly offset: number;
}

interface CopyOptions {
  readonly recursive: boolean;
  readonly parents: boolean;
  /** A link is copied as the link that it is, not as the file that it leads to. */
  readonly keepsLinks: boolean;
  readonly offset: number;
  /** Whether the script goes on where this source is not there. */
  readonly mayLack: (source: ShellWord) => boolean;
}

const PKGDIR = '$pkgdir';

/** A copy of a folder that is there. */
const WHOLE = { recursive: true, parents: false, offset: 0, mayLack: () => false };

/** Files that are looked at for all copies together: each copy may mean each file. */
const LOOKED_AT = 500_000;

/** A file of the repository, as far as a copy of it is concerned. */
interface SourceLink {
  /** Text of a symbolic link. */
  readonly link?: string | undefined;
}

/** The package's tree as it grows while `rules package` is followed. Paths are as the shell has them. */
export class PackageTree {
  readonly files = new Map<string, string | undefined>();
  /** Installed path → text of the link that it is. */
  readonly links = new Map<string, string>();
  readonly gaps: Gap[] = [];
  certain = true;
  python = false;
  readonly #folders = new Set(['/']);
  /** Source file → where it leads, of a link. */
  readonly #sources: ReadonlyMap<string, SourceLink>;
  readonly #sourceFolders = new Set<string>(['.']);
  /** The build may have made sources that are not in the repository. */
  readonly #built: boolean;
  #cwd = '.';
  #lookedAt = 0;

  constructor(sources: ReadonlyMap<string, SourceLink>, built: boolean) {
    this.#sources = sources;
    this.#built = built;
    for (const source of sources.keys()) addParents(source, this.#sourceFolders);
  }

  giveUp(): void {
    this.certain = false;
  }

  /** The copies mean more files than are looked at; the others are not followed. */
  get isSpent(): boolean {
    return this.#lookedAt > LOOKED_AT;
  }

  /** Whether so many files more may be looked at. */
  #mayLook(files: number): boolean {
    this.#lookedAt += files;
    if (this.isSpent) this.giveUp();
    return !this.isSpent;
  }

  installPython(): void {
    this.python = true;
  }

  enter(folder: string): void {
    this.#cwd = folder === '' || folder === '-' ? '.' : this.#resolve(folder);
  }

  makeFolder(folder: string): void {
    const inside = this.#inPackage(folder);
    if (inside !== undefined) this.#addFolder(inside);
  }

  /** A file that is written while packaging. */
  make(file: string): void {
    const inside = this.#inPackage(file);
    if (inside !== undefined) this.#put(inside, undefined);
  }

  remove(target: string): void {
    const inside = this.#inPackage(target);
    if (inside === undefined) return;
    if (!this.#mayLook(this.files.size)) return;
    const matches = globMatcher(inside);
    for (const file of this.files.keys())
      if (matches(file) || ancestors(file).some(matches)) this.#drop(file);
  }

  copy(from: readonly ShellWord[], to: string, options: CopyOptions): void {
    const target = this.#inPackage(to);
    if (target === undefined) return;
    const isFolder = to.endsWith('/') || to.endsWith('/.') || from.length > 1 || this.#folders.has(target);
    if (!this.#folders.has(isFolder ? target : path.dirname(target))) {
      if (this.certain)
        this.gaps.push({
          kind: 'folder',
          path: isFolder ? target : path.dirname(target),
          offset: options.offset,
        });
      this.#addFolder(isFolder ? target : path.dirname(target));
    }
    for (const word of from) {
      if (word.value === undefined) {
        this.giveUp();
        continue;
      }
      this.#copyOne(word, word.value, target, isFolder, options);
    }
  }

  #copyOne(word: ShellWord, value: string, target: string, isFolder: boolean, options: CopyOptions): void {
    const { glob } = word;
    const source = this.#resolve(value);
    if (source.startsWith(PKGDIR) || source.startsWith('/'))
      return this.#copyInside(source, target, isFolder);
    const contents = /\/\.?$/.test(value) && value.endsWith('.');
    const found = glob ? this.#matches(source) : [source];
    let any = false;
    for (const one of found) {
      const name = options.parents ? one : path.basename(one);
      const place = isFolder && !contents && one !== '.' ? path.join(target, name) : target;
      if (this.#sources.has(one)) {
        any = true;
        this.#putSource(place, one, options);
      } else if (this.#sourceFolders.has(one)) {
        any = true;
        if (options.recursive) this.#copyFolder(one, place, options);
      }
    }
    if (any || options.mayLack(word)) return undefined;
    if (this.#built || glob) this.giveUp();
    else this.gaps.push({ kind: 'source', path: source, offset: options.offset });
    if (!glob) this.#put(isFolder ? path.join(target, path.basename(source)) : target, undefined);
    return undefined;
  }

  #copyFolder(folder: string, place: string, options: CopyOptions): void {
    this.#addFolder(place);
    if (!this.#mayLook(this.#sources.size)) return;
    const start = folder === '.' ? '' : `${folder}/`;
    for (const source of this.#sources.keys())
      if (source.startsWith(start))
        this.#putSource(path.join(place, source.slice(start.length)), source, options);
  }

  /** A copy of a source file: of what it leads to where it is a link, unless links are kept. */
  #putSource(place: string, source: string, { keepsLinks }: CopyOptions): void {
    const link = this.#sources.get(source)?.link;
    if (link === undefined || keepsLinks) return this.#put(place, source, link);
    const end = leadsTo(`/${source}`, (at) => this.#sources.get(at.slice(1))?.link)?.slice(1);
    if (end === undefined || !this.#sourceFolders.has(end))
      return this.#put(place, end !== undefined && this.#sources.has(end) ? end : undefined);
    // a folder in its place: all that is in it
    return this.#copyFolder(end, place, { ...WHOLE, keepsLinks });
  }

  /** A copy from one place of the package to another, or from the machine that builds. */
  #copyInside(source: string, target: string, isFolder: boolean): void {
    const inside = this.#inPackage(source);
    const place = isFolder ? path.join(target, path.basename(source)) : target;
    if (inside === undefined) return this.#put(place, undefined);
    if (!this.#mayLook(this.files.size)) return undefined;
    for (const [file, origin] of this.files) {
      if (file === inside) this.#put(place, origin, this.links.get(file));
      else if (file.startsWith(`${inside}/`))
        this.#put(place + file.slice(inside.length), origin, this.links.get(file));
    }
    return undefined;
  }

  #put(file: string, source: string | undefined, link?: string): void {
    if (link === undefined) this.links.delete(file);
    else this.links.set(file, link);
    if (/\/python3[^/]*\/(?:dist|site)-packages\//.test(file)) this.python = true;
    this.files.set(file, source);
    this.#addFolder(path.dirname(file));
  }

  #drop(file: string): void {
    this.files.delete(file);
    this.links.delete(file);
  }

  #addFolder(folder: string): void {
    this.#folders.add(folder);
    for (const parent of ancestors(folder)) this.#folders.add(parent);
  }

  /** Path in the package, with a leading slash; undefined when it is elsewhere. */
  #inPackage(value: string): string | undefined {
    const resolved = this.#resolve(value);
    if (resolved !== PKGDIR && !resolved.startsWith(`${PKGDIR}/`)) return undefined;
    return path.join('/', resolved.slice(PKGDIR.length)).replace(/(.)\/$/, '$1');
  }

  /** From the source's root: `etc/x`, `$pkgdir/etc`, `/etc`. */
  #resolve(value: string): string {
    if (value.startsWith(PKGDIR) || value.startsWith('/')) return value;
    return path.join(this.#cwd, value).replace(/(.)\/$/, '$1');
  }

  #matches(pattern: string): readonly string[] {
    const names = [...this.#sources.keys(), ...this.#sourceFolders];
    if (!this.#mayLook(names.length)) return [];
    const matches = globMatcher(pattern);
    return names.filter((name) => name !== '.' && matches(name));
  }
}

/** Links that one path leads over, at most. Source: Linux, path_resolution(7). */
const MOST_LINKS = 40;

/**
 * Where an absolute path leads once all links on it are followed; undefined where they lead in a circle. `linkAt` answers
 * the text of the link that a path is.
 */
export function leadsTo(from: string, linkAt: (at: string) => string | undefined): string | undefined {
  const left = from.split('/');
  let at = '/';
  let links = 0;
  while (left.length > 0) {
    const next = path.join(at, left.shift() ?? '');
    const link = linkAt(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    if ((links += 1) > MOST_LINKS) return undefined;
    left.unshift(...link.split('/'));
    if (link.startsWith('/')) at = '/';
  }
  return at;
}

/** The folders around a path, nearest first; `.` and `/` left out. */
function ancestors(file: string): readonly string[] {
  const found: string[] = [];
  for (let at = path.dirname(file); at !== '.' && at !== '/'; at = path.dirname(at)) found.push(at);
  return found;
}

function addParents(file: string, folders: Set<string>): void {
  for (const folder of ancestors(file)) folders.add(folder);
}

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
  readonly offset: number;
}

const PKGDIR = '$pkgdir';

/** Files that are looked at for all copies together: each copy may mean each file. */
const LOOKED_AT = 500_000;

/** The package's tree as it grows while `rules package` is followed. Paths are as the shell has them. */
export class PackageTree {
  readonly files = new Map<string, string | undefined>();
  readonly gaps: Gap[] = [];
  certain = true;
  python = false;
  readonly #folders = new Set(['/']);
  readonly #sources: ReadonlySet<string>;
  readonly #sourceFolders = new Set<string>(['.']);
  /** The build may have made sources that are not in the repository. */
  readonly #built: boolean;
  #cwd = '.';
  #lookedAt = 0;

  constructor(sources: readonly string[], built: boolean) {
    this.#sources = new Set(sources);
    this.#built = built;
    for (const source of sources) addParents(source, this.#sourceFolders);
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
      if (matches(file) || ancestors(file).some(matches)) this.files.delete(file);
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
      this.#copyOne(word.value, word.glob, target, isFolder, options);
    }
  }

  #copyOne(value: string, glob: boolean, target: string, isFolder: boolean, options: CopyOptions): void {
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
        this.#put(place, one);
      } else if (this.#sourceFolders.has(one)) {
        any = true;
        if (options.recursive) this.#copyFolder(one, place);
      }
    }
    if (any) return undefined;
    if (this.#built || glob) this.giveUp();
    else this.gaps.push({ kind: 'source', path: source, offset: options.offset });
    if (!glob) this.#put(isFolder ? path.join(target, path.basename(source)) : target, undefined);
    return undefined;
  }

  #copyFolder(folder: string, place: string): void {
    this.#addFolder(place);
    if (!this.#mayLook(this.#sources.size)) return;
    const start = folder === '.' ? '' : `${folder}/`;
    for (const source of this.#sources)
      if (source.startsWith(start)) this.#put(path.join(place, source.slice(start.length)), source);
  }

  /** A copy from one place of the package to another, or from the machine that builds. */
  #copyInside(source: string, target: string, isFolder: boolean): void {
    const inside = this.#inPackage(source);
    const place = isFolder ? path.join(target, path.basename(source)) : target;
    if (inside === undefined) return this.#put(place, undefined);
    if (!this.#mayLook(this.files.size)) return undefined;
    for (const [file, origin] of this.files) {
      if (file === inside) this.#put(place, origin);
      else if (file.startsWith(`${inside}/`)) this.#put(place + file.slice(inside.length), origin);
    }
    return undefined;
  }

  #put(file: string, source: string | undefined): void {
    if (/\/python3[^/]*\/(?:dist|site)-packages\//.test(file)) this.python = true;
    this.files.set(file, source);
    this.#addFolder(path.dirname(file));
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
    const names = [...this.#sources, ...this.#sourceFolders];
    if (!this.#mayLook(names.length)) return [];
    const matches = globMatcher(pattern);
    return names.filter((name) => name !== '.' && matches(name));
  }
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

import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeFolder } from '../support/remove-folder.ts';
import { lstatOf } from '../support/stat.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { diffTrees, type InstalledFile, type StagedTree } from '../stage/tree.ts';

const PACKAGES = /^\/usr\/(?:local\/)?lib\/python3[^/]*\/(?:dist|site)-packages(?=\/)/;
const SETTINGS = '/etc/wazo-confgend/';

/** The part of staged trees that a driver needs, in a temporary folder that stands for `/`. */
export class Site {
  readonly root: string;
  readonly #packages = new Set<string>();
  #written = new Map<string, InstalledFile>();
  #tree: StagedTree = new Map();

  private constructor(root: string) {
    this.root = root;
  }

  static open(): Site {
    const root = temporaryFolder('preview');
    // whoever a driver runs as reads it; nobody else gets as far as here
    chmodSync(root, 0o755);
    return new Site(root);
  }

  /** Folders for Python's search path. */
  get packages(): readonly string[] {
    return [...this.#packages].map((folder) => path.join(this.root, folder));
  }

  /** Makes the folder hold these trees, the last one on top; only what differs is written. */
  show(trees: readonly StagedTree[]): void {
    const wanted = new Map(trees.flatMap((tree) => [...tree]).filter(([name]) => isNeeded(name)));
    const { put, removed } = diffTrees(this.#written, wanted);
    for (const name of removed) rmSync(path.join(this.root, name), { force: true });
    for (const file of put) {
      const target = path.join(this.root, file.path);
      makeReadable(file.folder === true ? target : path.dirname(target));
      if (file.folder === true || file.link !== undefined) continue;
      writeFileSync(target, file.bytes);
      chmodSync(target, 0o644);
    }
    this.#written = new Map(wanted);
    this.#tree = wanted;
    this.#packages.clear();
    for (const name of wanted.keys()) {
      const [folder] = PACKAGES.exec(name) ?? [];
      if (folder !== undefined) this.#packages.add(folder);
    }
  }

  /** The settings files of the trees, in the order in which they win. */
  settingsFiles(): readonly { readonly file: string; readonly text: string }[] {
    return [...this.#tree.values()]
      .filter(({ path: name }) => /^\/etc\/wazo-confgend\/conf\.d\/[^./][^/]*\.yml$/.test(name))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map((file) => ({ file: file.source ?? file.path, text: file.bytes.toString('utf8') }));
  }

  /** The source file behind a file of this folder, or its installed path; nothing when it is not ours. */
  sourceOf(file: string): string | undefined {
    const staged = this.#tree.get(file.startsWith(this.root) ? file.slice(this.root.length) : file);
    return staged === undefined ? undefined : (staged.source ?? staged.path);
  }

  close(): void {
    removeFolder(this.root);
  }
}

/** Makes a folder, whatever the umask takes away. */
function makeReadable(folder: string): void {
  if (lstatOf(folder) !== undefined) return;
  makeReadable(path.dirname(folder));
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}

function isNeeded(name: string): boolean {
  return PACKAGES.test(name) || name.startsWith(SETTINGS);
}

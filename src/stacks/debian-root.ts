import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from '../stage/workspace.ts';
import { boundCommand } from './real/bound.ts';
import { clearLeft, clearStack, removeEmpty } from './real/clear.ts';
import { hostMirror } from './real/mirror.ts';
import { debstrap } from './real/debstrap.ts';
import { onlyOnce } from './real/root.ts';
import { lockOf, machineName, stackFolder, writeState } from './real/run-folder.ts';
import { UserError } from '../support/errors.ts';
import { withLock } from '../support/lock.ts';
import { cacheFolder } from '../support/paths.ts';
import { markOf } from '../support/process.ts';
import { run } from '../support/run.ts';
import { SUITES } from '../wazo/debian.ts';
import { makeFolders } from '../support/make-folders.ts';

/** The packages that a Wazo server builds plugins with. */
const PACKAGES = [
  'fakeroot',
  'make',
  'patch',
  'python3-pip',
  'python3-setuptools',
  'python3-wheel',
  'python3-yaml',
];
const HOOKS = ['rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/locale'];

/** Mounts what its command sees, in a name space that goes with the command, and runs it there. */
const ENTER = `set -e
name=$1 options=$2 root=$3 folder=$4 source=$5
shift 5
mount -t overlay "$name" -o "$options" "$root"
mkdir -p "$root$folder"
mount --bind "$folder" "$root$folder"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -C "$source" "$@"`;

/** The build tools of another release of Debian: a cached root, seen through an overlay. */
export class DebianTools {
  /** Folder of its system; nothing changes it. */
  readonly system: string;
  readonly #debian: number;
  #name: string | undefined;

  private constructor(root: string, debian: number) {
    this.system = root;
    this.#debian = debian;
  }

  /**
   * Makes the root when it is not in the cache. Needs root and mmdebstrap.
   * @throws UserError `root-failed` when Debian's packages can't be had
   */
  static async of(debian: number, onProgress: (text: string) => void): Promise<DebianTools> {
    await clearLeft();
    const suite = SUITES.get(debian) ?? '';
    const key = createHash('sha256')
      .update(JSON.stringify([suite, PACKAGES]))
      .digest('hex')
      .slice(0, 16);
    const folder = path.join(cacheFolder(), 'stack', `debian-${debian}-${key}`);
    if (!existsSync(folder)) {
      makeFolders(path.dirname(folder));
      const what = `the build tools of Debian ${debian}`;
      onProgress(`making ${what}, once (about a minute)`);
      const bootstrap = {
        what: `Debian ${debian}`,
        suite,
        packages: PACKAGES,
        hooks: HOOKS,
        mirror: hostMirror(),
      };
      await onlyOnce(folder, onProgress, (draft) => debstrap(draft, bootstrap, onProgress));
    }
    return new DebianTools(folder, debian);
  }

  /**
   * Shows a workspace to the tools at its own path; gives what begins each command. Nothing of it outlives this
   * process but a folder, which the next wdev clears.
   * @throws UserError `mount-failed`
   */
  async enter({ folder, source }: Workspace): Promise<readonly string[]> {
    const name = `debian-${this.#debian}-${randomBytes(4).toString('hex')}`;
    const own = stackFolder(name);
    for (const part of ['upper', 'work', 'root']) makeFolders(path.join(own, part));
    const owner = markOf(process.pid);
    writeState({ name, what: 'tools', phase: 'making', startedAt: Date.now(), owner });
    this.#name = name;
    const options = `lowerdir=${this.system},upperdir=${own}/upper,workdir=${own}/work`;
    const words = [machineName(name), options, path.join(own, 'root'), folder, source];
    const begin = boundCommand(['sh', '-c', ENTER, 'sh', ...words]);
    const tried = await run([...begin, 'true']);
    if (tried.status !== 0) throw new UserError('mount-failed', tried.stderr.trim());
    return begin;
  }

  async leave(): Promise<void> {
    const name = this.#name;
    this.#name = undefined;
    if (name !== undefined) await withLock(lockOf(name), () => clearStack(name));
    removeEmpty();
  }
}

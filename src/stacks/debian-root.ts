import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Workspace } from '../stage/workspace.ts';
import { hostMirror } from './real/mirror.ts';
import { removeTree } from './real/mounts.ts';
import { onlyOnce } from './real/root.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { cacheFolder } from '../support/paths.ts';
import { run } from '../support/run.ts';
import { SUITES } from '../wazo/debian.ts';

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
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The build tools of another release of Debian: a cached root, seen through an overlay. */
export class DebianTools {
  readonly #root: string;
  #mounted: string | undefined;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes the root when it is not in the cache. Needs root and mmdebstrap.
   * @throws UserError `root-failed` when Debian's packages can't be had
   */
  static async of(debian: number, onProgress: (text: string) => void): Promise<DebianTools> {
    const suite = SUITES.get(debian) ?? '';
    const key = createHash('sha256')
      .update(JSON.stringify([suite, PACKAGES]))
      .digest('hex')
      .slice(0, 16);
    const folder = path.join(cacheFolder(), 'stack', `debian-${debian}-${key}`);
    if (!existsSync(folder)) {
      mkdirSync(path.dirname(folder), { recursive: true });
      onProgress(`making the build tools of Debian ${debian}, once; this takes about half a minute`);
      await onlyOnce(folder, onProgress, (draft) => makeRoot(draft, suite));
    }
    return new DebianTools(folder);
  }

  /** Shows a workspace to the tools at its own path; gives what begins each command. */
  async enter({ folder, source }: Workspace): Promise<readonly string[]> {
    const mounts = mkdtempSync(path.join(os.tmpdir(), 'wdev-debian-'));
    this.#mounted = mounts;
    const merged = path.join(mounts, 'root');
    for (const name of ['upper', 'work', 'root']) mkdirSync(path.join(mounts, name));
    const options = `lowerdir=${this.#root},upperdir=${mounts}/upper,workdir=${mounts}/work`;
    await must(['mount', '-t', 'overlay', 'wdev-debian', '-o', options, merged]);
    mkdirSync(path.join(merged, folder), { recursive: true });
    await must(['mount', '--bind', folder, path.join(merged, folder)]);
    for (const special of ['proc', 'dev'])
      await must(['mount', '--rbind', `/${special}`, path.join(merged, special)]);
    await must(['mount', '--make-rslave', path.join(merged, 'dev')]);
    await must(['mount', '--make-rslave', path.join(merged, 'proc')]);
    return ['chroot', merged, '/usr/bin/env', '-C', source];
  }

  async leave(): Promise<void> {
    if (this.#mounted !== undefined) await removeTree(this.#mounted);
    this.#mounted = undefined;
  }
}

async function makeRoot(draft: string, suite: string): Promise<void> {
  const mirror = hostMirror();
  const result = await run([
    'mmdebstrap',
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--customize-hook=rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/locale',
    suite,
    draft,
    `deb [signed-by=${KEYRING}] ${mirror} ${suite} main`,
  ]);
  if (result.status === 0) return;
  await removeTree(draft);
  const reason = result.stderr.trim().split('\n').at(-1) ?? '';
  throw new UserError('root-failed', `mmdebstrap could not make a root of ${suite}: ${reason}`, {
    help: `Look whether apt can reach ${mirror} (apt-get update), and try again.`,
  });
}

async function must(command: readonly [string, ...string[]]): Promise<void> {
  const result = await run(command).catch((error: unknown) => ({ status: 1, stderr: messageOf(error) }));
  if (result.status !== 0)
    throw new UserError('mount-failed', `${command.join(' ')}: ${result.stderr.trim()}`);
}

/** The folder of a fleet, as it is written once; from then on it is the user's. */

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { packageRoot } from '../support/paths.ts';
import { typedPath } from '../support/quote.ts';
import { readText } from '../support/read-file.ts';
import { run } from '../support/run.ts';
import { makeFolders } from '../support/make-folders.ts';

export interface FolderOrder {
  readonly dir: string;
  readonly inventory: string;
  /** The group of Wazo servers in the inventory. */
  readonly group: string;
  /** A key of the user's own gpg; one is made in the folder when there is none. */
  readonly key: string | undefined;
}

export interface MadeFolder {
  /** Paths in the folder. */
  readonly files: readonly string[];
  /** Fingerprint of the key that signs. */
  readonly fingerprint: string;
}

const ROLE = 'roles/wazo_plugin/files';

/** Programs that run on targets, and on the servers of a fleet as they are. */
const SHARED: Readonly<Record<string, string>> = {
  'src/targets/far-end/library.sh': `${ROLE}/gate/library.sh`,
  'src/targets/far-end/services.sh': `${ROLE}/gate/services.sh`,
  'src/effects/import-late.py': `${ROLE}/gate/import-late.py`,
  'src/status/probe-routes.py': `${ROLE}/gate/probe-routes.py`,
  'src/status/standing.py': `${ROLE}/standing.py`,
};

/** Files of src/fleet/files under other names: npm packs no .gitignore. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

const KEY_NAME = 'Wazo plugins of this fleet';

/** Whether wdev fleet init made a folder. */
export function isFleetFolder(dir: string): boolean {
  return ['roll.yml', 'publish'].every((name) => existsSync(path.join(dir, name)));
}

/**
 * Writes the folder, all of it or nothing, makes the key where none is named, and publishes an empty repository.
 * @throws UserError `folder-not-empty`, `fleet-key`, `publish-failed`
 */
export async function makeFolder(order: FolderOrder): Promise<MadeFolder> {
  const dir = path.resolve(order.dir);
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new UserError(
      'folder-not-empty',
      isFleetFolder(dir) ? `${order.dir} is a fleet folder already` : `${order.dir} is not empty`,
      {
        help: isFleetFolder(dir)
          ? `Use it: wdev fleet roll NAMESPACE/NAME=VERSION --dir ${typedPath(order.dir)}`
          : 'Choose another folder: wdev fleet init DIR --inventory FILE',
      },
    );
  const draft = `${dir}.new-${process.pid}`;
  makeFolders(draft);
  try {
    const fingerprint = await writeKey(draft, order.key);
    const files = writeFiles(draft, { ...order, dir, fingerprint });
    await publish(draft, []);
    if (existsSync(dir)) rmSync(dir, { recursive: true });
    renameSync(draft, dir);
    return { files, fingerprint };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function writeFiles(
  draft: string,
  { dir, inventory, group, fingerprint }: FolderOrder & { readonly fingerprint: string },
): readonly string[] {
  const from = path.join(packageRoot(), 'src/fleet/files');
  const words: Readonly<Record<string, string>> = {
    INVENTORY: path.relative(dir, path.resolve(inventory)),
    GROUP: group,
    KEY: fingerprint,
  };
  const filled = (text: string): string =>
    text.replaceAll(/\b(?:INVENTORY|GROUP|KEY)\b/g, (word) => words[word] ?? word);
  const written: string[] = [];
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath, entry.name);
    const name = path.relative(from, source);
    const target = name === 'group_vars.yml' ? `group_vars/${group}.yml` : (RENAMED[name] ?? name);
    makeFolders(path.dirname(path.join(draft, target)));
    const text = readText(source);
    // what the role holds is the same for everyone
    const isSame = target.startsWith('roles/');
    const own = isSame ? text : filled(text).replaceAll('hosts: uc_engine', `hosts: ${group}`);
    writeFileSync(path.join(draft, target), own);
    if (own.startsWith('#!')) chmodSync(path.join(draft, target), 0o755);
    written.push(target);
  }
  for (const [source, target] of Object.entries(SHARED)) {
    cpSync(path.join(packageRoot(), source), path.join(draft, target));
    written.push(target);
  }
  for (const folder of ['expected', 'runs']) makeFolders(path.join(draft, folder));
  return [...written, `${ROLE}/key.asc`].sort();
}

/** Makes the key in `keys/`, or finds the one that is named; writes its public part for the servers. */
async function writeKey(draft: string, wanted: string | undefined): Promise<string> {
  const home = path.join(draft, 'keys');
  const env = wanted === undefined ? { GNUPGHOME: home } : {};
  const gpg = async (...words: string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(['gpg', '--batch', ...words], { env });
    if (status === 0) return stdout;
    throw new UserError('fleet-key', `gpg ${words[0]} failed: ${stderr.trim()}`, {
      help:
        wanted === undefined
          ? 'apt-get install --no-install-recommends gnupg, or name a key of yours: --key FINGERPRINT'
          : 'gpg --list-secret-keys shows the keys that you have.',
    });
  };
  if (wanted === undefined) {
    mkdirSync(home, { mode: 0o700 });
    await gpg('--quick-gen-key', '--passphrase', '', KEY_NAME, 'ed25519', 'sign', '0');
  }
  const listed = await gpg('--list-secret-keys', '--with-colons', wanted ?? KEY_NAME);
  const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? '';
  const file = path.join(draft, ROLE, 'key.asc');
  makeFolders(path.dirname(file));
  writeFileSync(file, await gpg('--armor', '--export', fingerprint));
  return fingerprint;
}

/**
 * Adds packages to the repository of a fleet, and signs it anew, as a person does: by the folder's own program.
 * @throws UserError `publish-failed` with what aptly said
 */
export async function publish(dir: string, debs: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await run([
    path.resolve(dir, 'publish'),
    ...debs.map((deb) => path.resolve(deb)),
  ]);
  if (status === 0) return;
  const isMissing = /aptly: not found/.test(stderr);
  throw new UserError('publish-failed', `the repository was not published: ${(stderr || stdout).trim()}`, {
    help: isMissing
      ? 'apt-get install --no-install-recommends aptly'
      : `Run it yourself: ${path.join(dir, 'publish')} ${debs.join(' ')}`.trim(),
  });
}

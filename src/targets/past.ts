import { sha256 } from '../git/content.ts';
import { UserError } from '../support/errors.ts';
import { decodeName, encodeName } from '../support/file-name.ts';
import { journalName, quote, quoteAll } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { ownerLine, readOwners, sameOwner, type Owner } from './packages.ts';
import { STATE_FOLDER, manifestPath, manifestText, type InstalledPlugin } from './manifest.ts';
import { stateGone, NOT_OURS, STILL_OURS, type Session } from './session.ts';
import { fileState, readFiles, type FileFacts } from './target-files.ts';
import { readRecords, type TouchedRecord } from './touched.ts';

/** A Debian package that was changed on a target since wdev put files over its own. */
export interface PackageChange {
  readonly name: string;
  /** The version that wdev met. */
  readonly was: string | undefined;
  /** The version that is there now; undefined when it was removed. */
  readonly now: string | undefined;
  readonly paths: readonly string[];
  /** Plugins of which wdev had files there, by id. */
  readonly plugins: readonly string[];
}

/**
 * Looks at what wazo-plugind, apt or dpkg did to files that wdev had its hands on. What they put there is an original
 * from then on, and what they took away is none any more: it would come back as a file that nobody knows. Afterwards
 * the list of originals is true again, and `session.shaken` names the plugins that do not stand as wdev left them.
 */
export async function lookAtPackages(session: Session): Promise<readonly PackageChange[]> {
  if (!session.hasPackages) return [];
  const { target, installed, touched } = session;
  const seen = await target.run(
    `${STILL_OURS}; wdev_section seen; wdev_packages_seen; wdev_section touched; [ ! -f "$S/touched" ] || cat "$S/touched"`,
  );
  if (seen.status === NOT_OURS) throw stateGone(session);
  const sections = splitSections(decodeName(seen.stdout), target.mark);
  session.look.isDue = false;
  session.look.canTell = sectionText(sections, 'seen').trim() === '';
  const records = readRecords(sectionText(sections, 'touched'));
  const placed = new Map([...installed.values()].flatMap(({ files }) => [...files]));
  const paths = [
    ...new Set([...touched, ...placed.keys(), ...session.past.keys(), ...records.map(({ path }) => path)]),
  ];
  if (paths.length === 0) return [];
  const { of: owners } = await readOwners(target, paths);
  const concerned = paths.filter((path) => owners.has(path) || session.past.has(path));
  if (concerned.length === 0) return [];
  const [files, sums] = [await readFiles(target, concerned), await readSums(session, concerned)];
  const facts: Facts = { session, placed, owners, files, sums };
  const before = [...installed.values()];
  const changes = await renew(facts, records);
  for (const plugin of before) {
    if (isShaken(plugin, facts, changes)) session.look.shaken.add(plugin.id);
  }
  return changes;
}

interface Facts {
  readonly session: Session;
  /** The files that wdev left, by path. */
  readonly placed: ReadonlyMap<
    string,
    InstalledPlugin['files'] extends ReadonlyMap<string, infer File> ? File : never
  >;
  readonly owners: ReadonlyMap<string, Owner>;
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Path → MD5 of what stands there. */
  readonly sums: ReadonlyMap<string, string>;
}

async function readSums({ target }: Session, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const input = encodeName(paths.map((path) => `${target.root}${path}\0`).join(''));
  const { stdout } = await target.run('xargs -0 md5sum -- 2>/dev/null || :', { input });
  return new Map(
    decodeName(stdout)
      .split('\n')
      .flatMap((line): readonly [string, string][] => {
        const [, md5 = '', name = ''] = /^([0-9a-f]{32}) [ *](.+)$/.exec(line) ?? [];
        return name === '' ? [] : [[name.slice(target.root.length), md5]];
      }),
  );
}

/** Whether wdev's own file stands at a path. */
function isOurs({ placed, files }: Facts, path: string): boolean {
  const [put, now] = [placed.get(path), files.get(path)];
  return put !== undefined && now !== undefined && fileState(put, now) === 'unchanged';
}

/** Whether what stands there is what the package brought. */
function isPackaged(facts: Facts, path: string, { md5 }: Owner): boolean {
  if (facts.files.get(path)?.hash === 'folder') return true;
  return md5 === undefined ? facts.files.has(path) && !isOurs(facts, path) : facts.sums.get(path) === md5;
}

/** The fate of the record of a path: it stays, it goes, or there is nothing to give back any more. */
function fateOf(facts: Facts, { kind, path }: TouchedRecord): 'stays' | 'goes' | 'nothing' {
  const [was, now] = [facts.session.past.get(path), facts.owners.get(path)];
  // a folder that the package has now is not wdev's to remove; one that went with its package does not come back
  if (kind === 'D') return now === undefined ? 'stays' : 'goes';
  if (kind === 'M') return was === undefined || now !== undefined ? 'stays' : 'goes';
  if (now === undefined) return was === undefined || kind === 'A' ? 'stays' : 'nothing';
  const isNew = !sameOwner(was, now) || !isOurs(facts, path);
  return isNew && isPackaged(facts, path, now) ? 'goes' : 'stays';
}

/** Makes the list of originals true, on the target and here. */
async function renew(facts: Facts, records: readonly TouchedRecord[]): Promise<readonly PackageChange[]> {
  const { session, owners } = facts;
  const fates = records.map((record) => ({ record, fate: fateOf(facts, record) }));
  const moved = fates.filter(({ fate }) => fate !== 'stays');
  // dpkg left them there, since wdev had files in them
  const orphans = [...session.past.keys()].filter(
    (path) => facts.files.get(path)?.hash === 'folder' && !owners.has(path),
  );
  if (moved.length + orphans.length === 0) return [];
  const folders = orphans.sort((a, b) => a.length - b.length).map((path) => `D ${journalName(path)}`);
  const kept = fates.flatMap(({ record, fate }) => {
    if (fate === 'goes') return [];
    return [fate === 'nothing' ? `A ${record.line.replace(/^S \d+ /, '')}` : record.line];
  });
  const originals = moved.flatMap(({ record }) => (record.kind === 'S' ? [record.kept] : []));
  const changed = moved.filter(({ record }) => record.kind !== 'D');
  const changes = changesOf(
    [...session.installed.values()],
    changed.map(({ record: { path } }) => path),
    session.past,
    owners,
  );
  for (const path of orphans) session.past.delete(path);
  for (const { record, fate } of changed) {
    if (fate === 'goes') session.touched.delete(record.path);
    session.past.delete(record.path);
  }
  await forget(
    session,
    new Set(changed.flatMap(({ record, fate }) => (fate === 'goes' ? [record.path] : []))),
  );
  await take(session, '/touched', [...folders, ...kept].map((line) => `${line}\n`).join(''));
  await take(
    session,
    '/owners',
    [...session.past].map(([path, owner]) => `${ownerLine(path, owner)}\n`).join(''),
  );
  const gone = originals.map((one) => `rm -f "$S/original/"${quote(one)}`).join('; ');
  if (gone !== '') await session.target.run(gone);
  return changes;
}

/** Takes paths out of the manifests: what stands there is not wdev's any more. */
async function forget(session: Session, paths: ReadonlySet<string>): Promise<void> {
  for (const plugin of session.installed.values()) {
    const files = new Map([...plugin.files].filter(([path]) => !paths.has(path)));
    if (files.size === plugin.files.size) continue;
    const left = { ...plugin, files };
    session.installed.set(plugin.id, left);
    await take(session, manifestPath(plugin.id).slice(STATE_FOLDER.length), manifestText(left));
  }
}

/** Writes a file of the state folder anew. */
async function take({ target }: Session, name: string, text: string): Promise<void> {
  const input = encodeName(text);
  const { status, stderr } = await target.run(`wdev_take "$S"${quote(name)} ${sha256(input)}`, { input });
  if (status === 0) return;
  throw new UserError(
    'target-state',
    `target ${target.id}: ${STATE_FOLDER}${name} could not be written: ${stderr.toString('utf8').trim()}`,
    { help: 'Look at free space there.' },
  );
}

function changesOf(
  installed: readonly InstalledPlugin[],
  paths: readonly string[],
  past: ReadonlyMap<string, Owner>,
  owners: ReadonlyMap<string, Owner>,
): readonly PackageChange[] {
  const found = new Map<string, { was?: string; now?: string; paths: string[] }>();
  for (const path of paths) {
    for (const [key, owner] of [
      ['was', past.get(path)],
      ['now', owners.get(path)],
    ] as const) {
      if (owner === undefined) continue;
      const known = found.get(owner.name) ?? { paths: [] };
      known[key] = owner.version;
      if (known.paths.at(-1) !== path) known.paths.push(path);
      found.set(owner.name, known);
    }
  }
  return [...found].map(([name, { was, now, paths: own }]) => {
    const plugins = installed.filter(({ files }) => own.some((path) => files.has(path)));
    return { name, was, now, paths: own, plugins: plugins.map(({ id }) => id) };
  });
}

/** Whether dpkg left files of a plugin otherwise than wdev did. */
function isShaken(plugin: InstalledPlugin, facts: Facts, changes: readonly PackageChange[]): boolean {
  const moved = new Set(changes.flatMap(({ paths }) => paths));
  return [...plugin.files.keys()].some(
    (path) => moved.has(path) || (facts.owners.has(path) && !isOurs(facts, path)),
  );
}

/** Files of Debian packages that are not as `dpkg --verify` wants them; `undefined` says that they are missing. */
export async function verifyPackages(
  { target, hasPackages }: Session,
  names: readonly string[],
): Promise<readonly { readonly path: string; readonly isMissing: boolean }[]> {
  if (names.length === 0 || !hasPackages) return [];
  const { stdout } = await target.run(`dpkg --root="$R/" --verify -- ${quoteAll(names)} 2>/dev/null || :`);
  return decodeName(stdout)
    .split('\n')
    .flatMap((line) => {
      const [, state = '', said = ''] = /^(missing|[?.\w]{9}) +(?:[a-z] +)?(\/.*)$/.exec(line) ?? [];
      const reason = said.endsWith(')') ? said.indexOf(' (') : -1;
      const path = reason < 0 ? said : said.slice(0, reason);
      return path === '' ? [] : [{ path, isMissing: state === 'missing' }];
    });
}

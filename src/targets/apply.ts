import { posix } from 'node:path';
import { UserError } from '../support/errors.ts';
import { sha256 } from '../git/content.ts';
import type { Plan, PlannedEffect } from '../effects/change.ts';
import { decodeName } from '../support/file-name.ts';
import { readable, type InstalledFile, type StagedFile, type StagedTree } from '../stage/tree.ts';
import { pack } from './archive.ts';
import type { BatchOutcome } from '../effects/evidence/verify.ts';
import { EFFECTS } from '../effects/registry.ts';
import { effectScripts, recoveryCommands } from '../effects/scripts.ts';
import { filesScript, members } from './file-script.ts';
import { foreignEdits, foreignGuard, guardedPaths } from './foreign.ts';
import { hashScript, readHashLines } from './hashes.ts';
import { noteArrivals, readOutcomes, type Arrivals } from '../effects/outcomes.ts';
import { ownerLine, type Owner } from './packages.ts';
import { emptiedFolders, readOrigins, type Origins } from './origins.ts';
import { quote, quoteAll } from '../support/quote.ts';
import { sectionText, splitSections, type Section } from '../effects/sections.ts';
import {
  NOT_OURS,
  STATE_FOLDER,
  STILL_OURS,
  manifestPath,
  manifestText,
  stateGone,
  type InstalledPlugin,
  type Session,
} from './session.ts';

export interface ApplyResult extends BatchOutcome {
  /** Installed paths that somebody else changed on the target; then nothing was done at all. */
  readonly foreign: readonly string[];
  /** Paths that were changed for the first time, and that a Debian package had brought. */
  readonly origins: ReadonlyMap<string, Owner>;
  /** Packages were installed or removed since the batch was planned; then nothing was done at all. */
  readonly isOutdated: boolean;
  /** Milliseconds until the files were in place. */
  readonly placedMs: number;
}

export interface ApplyInput {
  readonly plan: Plan;
  /** Contexts whose read-back is wanted after a dialplan reload. */
  readonly contexts: readonly string[];
}

/** Status of a script that found the package database changed. */
const OUTDATED = 80;

/** Time for a batch that runs a plugin's own program: it may fetch packages. */
const OWN_PROGRAM_TIMEOUT = 600_000;

/**
 * Puts a batch on the target in one round trip: journal, files (beside their destination, then renamed),
 * effects with their logs. It stays undoable until `commitBatch`. Where somebody else changed a file that the
 * batch would overwrite, nothing is done.
 */
export async function applyBatch(session: Session, input: ApplyInput): Promise<ApplyResult> {
  const guarded = guardedPaths(session, input.plan.changes);
  const origins = await readOrigins(session, input.plan);
  const first = await tryBatch(session, input, origins, guarded);
  if (first.guard === undefined) return first.result;
  const foreign = foreignEdits(session, input.plan.changes, first.guard);
  if (foreign.length > 0) return { ...first.result, problem: undefined, foreign };
  // what differs is gone, or is what this batch brings
  return (await tryBatch(session, input, origins, [])).result;
}

interface Try {
  readonly result: ApplyResult;
  /** The findings of the guard, when it stopped the batch. */
  readonly guard: readonly Section[] | undefined;
}

async function tryBatch(
  session: Session,
  input: ApplyInput,
  origins: Origins,
  guarded: readonly string[],
): Promise<Try> {
  const { target } = session;
  const { plan } = input;
  const files = batchFiles(session, plan);
  const guard = foreignGuard(session, guarded);
  const ruled = ruledPaths(plan);
  const effects = effectScripts(session, { ...plan, contexts: input.contexts });
  const steps = [
    STILL_OURS,
    ...(session.hasPackages && session.look.canTell ? [`wdev_packages_same || exit ${OUTDATED}`] : []),
    ...guard,
    ...expectConsole(effects),
    fileScript(session, files, plan, origins),
    ...effects,
  ];
  if (ruled.length > 0) steps.push(`wdev_section stands; ${hashScript(ruled)}`);
  const script = steps.join('; ');
  const arrivals: Arrivals = { placed: 0, effects: [] };
  const started = performance.now();
  const runsPrograms = plan.effects.some(isOwnProgram);
  const { status, stdout, stderr } = await target.run(script, {
    archive: pack(members(files.put)),
    ...(runsPrograms ? { timeout: OWN_PROGRAM_TIMEOUT } : {}),
    onOutput: (chunk) => noteArrivals(chunk, target.mark, arrivals, started),
  });
  if (status === NOT_OURS) throw stateGone(session);
  if (status === OUTDATED) session.look.isDue = true;
  const sections = splitSections(decodeName(stdout), target.mark);
  const placed = sections.some(({ name }) => name === 'placed');
  const said = stderr.toString('utf8').trim();
  const problem = placed ? undefined : said || `the shell exited with status ${status}`;
  if (placed) remember(session, files, origins, plan);
  if (placed && ruled.length > 0) {
    await noteChanged(
      session,
      files.manifests,
      readHashLines(sectionText(sections, 'stands'), ruled, target.root),
    );
  }
  const result: ApplyResult = {
    problem,
    foreign: [],
    origins: placed ? origins.of : new Map(),
    isOutdated: status === OUTDATED,
    unwritten: placed ? unwritten(session, files.put, sections) : [],
    dangling: danglingLinks(session, files.put, sections),
    outcomes: readOutcomes(plan.effects, sections, arrivals),
    placedMs: arrivals.placed,
  };
  return { result, guard: sections.some(({ name }) => name === 'foreign') ? sections : undefined };
}

/** Says how often Asterisk's console will be asked, so that it can be ready. */
function expectConsole(scripts: readonly string[]): readonly string[] {
  const count = scripts.join(';').split('wdev_console ').length - 1;
  return count === 0 ? [] : [`wdev_ask consoles ${count}`];
}

/** Whether an effect is a program of the plugin. */
export function isOwnProgram({ effect }: PlannedEffect): boolean {
  return EFFECTS[effect.do].isOwnProgram === true;
}

/** Files of plugins whose own program runs, and may change them. */
function ruledPaths({ changes, effects }: Plan): readonly string[] {
  const ruled = new Set(effects.filter(isOwnProgram).flatMap(({ plugins }) => plugins));
  return changes
    .filter(({ plugin }) => ruled.has(plugin.id))
    .flatMap(({ tree }) => [...tree.values()].filter(readable).map(({ path }) => path));
}

/** Writes down what a plugin's `rules install` made of its files, so that it counts for nobody's edit. */
async function noteChanged(
  session: Session,
  manifests: readonly InstalledPlugin[],
  found: ReadonlyMap<string, string>,
): Promise<void> {
  for (const manifest of manifests) {
    const files = [...manifest.files].map(([path, file]): [string, InstalledFile] => {
      const { stands: _, ...rest } = file;
      const hash = found.get(path);
      if (hash === undefined) return [path, file];
      return [path, hash === file.hash ? rest : { ...rest, stands: hash }];
    });
    if (!files.some(([, { stands }]) => stands !== undefined)) continue;
    const noted = { ...manifest, files: new Map(files) };
    session.installed.set(manifest.id, noted);
    const file = `"$R"${quote(manifestPath(manifest.id))}`;
    const input = Buffer.from(manifestText(noted));
    const { status, stderr } = await session.target.run(`wdev_take ${file} ${sha256(input)}`, { input });
    if (status !== 0) throw journalError(session, 'noted', stderr);
  }
}

interface BatchFiles {
  readonly put: readonly StagedFile[];
  readonly removed: readonly string[];
  readonly manifests: readonly InstalledPlugin[];
}

/** The plugins' files, and the manifests that say what of each is installed. */
function batchFiles(session: Session, plan: Plan): BatchFiles {
  const manifests = plan.changes
    .filter(({ difference }) => difference.put.length + difference.removed.length > 0)
    .map(({ plugin: { id, version }, tree, difference }) => {
      return { id, version, files: asTheyStand(tree, difference.put, session, id) };
    });
  const put = plan.changes.flatMap(({ difference }) => difference.put);
  const removed = plan.changes.flatMap(({ difference }) => difference.removed);
  const texts = manifests.filter(({ files }) => files.size > 0).map((manifest) => manifestFile(manifest));
  const gone = manifests
    .filter(({ id, files }) => files.size === 0 && session.installed.has(id))
    .map(({ id }) => manifestPath(id));
  return { put: [...put, ...texts], removed: [...removed, ...gone], manifests };
}

/**
 * A plugin's files; those that its rules changed, and that are not put anew, stand as they left them, and those that
 * were never touched as they were found.
 */
function asTheyStand(
  tree: StagedTree,
  put: readonly StagedFile[],
  { installed, touched }: Session,
  id: string,
): ReadonlyMap<string, InstalledFile> {
  const renewed = new Set(put.map(({ path }) => path));
  const known = installed.get(id)?.files;
  const other = [...tree].flatMap(([path, file]): [string, InstalledFile][] => {
    if (renewed.has(path)) return [];
    const stands = known?.get(path)?.stands;
    if (stands !== undefined) return [[path, { ...file, stands }]];
    return touched.has(path) || file.partOf !== undefined ? [] : [[path, { ...file, found: true }]];
  });
  return other.length === 0 ? tree : new Map<string, InstalledFile>([...tree, ...other]);
}

function manifestFile(plugin: InstalledPlugin): StagedFile {
  return { path: manifestPath(plugin.id), mode: 0o644, hash: '', bytes: Buffer.from(manifestText(plugin)) };
}

function fileScript(
  session: Session,
  { put, removed }: BatchFiles,
  plan: Plan,
  { of, byteCode }: Origins,
): string {
  const ours = new Set([...session.installed.values()].flatMap(({ files }) => [...files.keys()]));
  const script = filesScript({
    put,
    removed,
    byteCode,
    emptied: emptiedFolders(session, plan.changes, of),
    owners: [...of].map(([path, owner]) => ownerLine(path, owner)),
    isFresh: (path) => !session.touched.has(path) && !path.startsWith(`${STATE_FOLDER}/`),
    isOurs: (path) => ours.has(path),
  });
  const told = recoveryCommands(plan.effects);
  const tell = told.length === 0 ? '' : ` && wdev_told ${quoteAll(told)}`;
  const written = put.filter(readable).map(({ path }) => path);
  const links = linkPaths(put);
  const look = links.length === 0 ? '' : `; wdev_section dangling; wdev_dangling ${quoteAll(links)}`;
  return `${script}${tell} || exit 74; wdev_section placed; ${hashScript(written)}${look}`;
}

function linkPaths(put: readonly StagedFile[]): readonly string[] {
  return put.filter(({ link }) => link !== undefined).map(({ path }) => path);
}

/** Folders of a server whose other files a root without a system has not. */
const OF_THE_SYSTEM = /^\/(?:bin|etc|lib|opt|run|sbin|srv|usr|var)\//;

function danglingLinks(
  { target: { root } }: Session,
  put: readonly StagedFile[],
  sections: readonly Section[],
): readonly string[] {
  const links = put.filter(({ link }) => link !== undefined);
  const indexes = sectionText(sections, 'dangling')
    .split('\n')
    .filter((line) => line !== '');
  return indexes.flatMap((index) => {
    const { path, link = '' } = links[Number(index)] ?? {};
    if (path === undefined) return [];
    const leads = posix.resolve(posix.dirname(path), link);
    const isOwn = put.some((file) => file.path === leads);
    const isUnknown = root !== '' && !isOwn && OF_THE_SYSTEM.test(leads);
    return isUnknown ? [] : [path];
  });
}

function unwritten(
  session: Session,
  put: readonly StagedFile[],
  sections: readonly Section[],
): readonly string[] {
  const paths = put.filter(readable).map(({ path }) => path);
  const found = readHashLines(sectionText(sections, 'placed'), paths, session.target.root);
  return put.filter((file) => readable(file) && found.get(file.path) !== file.hash).map(({ path }) => path);
}

function remember(session: Session, files: BatchFiles, { of, byteCode }: Origins, plan: Plan): void {
  session.fresh.clear();
  const { own } = emptiedFolders(session, plan.changes, of);
  for (const [path, owner] of of) session.past.set(path, owner);
  for (const path of [...byteCode, ...own, ...files.put.map((file) => file.path), ...files.removed]) {
    if (session.touched.has(path) || path.startsWith(`${STATE_FOLDER}/`)) continue;
    session.touched.add(path);
    session.fresh.add(path);
  }
  for (const manifest of files.manifests) {
    if (manifest.files.size === 0) session.installed.delete(manifest.id);
    else session.installed.set(manifest.id, manifest);
  }
}

/** Status of a script that did not make its batch final, since Asterisk has logged something more. */
const LOGGED = 77;

/**
 * Makes a batch final. What is left of it on the target is cleared away without being waited for. Asterisk's log
 * may lag behind its console: with a `plan` that told Asterisk something, the log is looked at once more before.
 * @returns what was logged late, and then the batch is not final yet; empty otherwise
 */
export async function commitBatch(session: Session, plan?: Plan): Promise<string> {
  const told = plan?.effects.some(({ effect }) => effect.do === 'console') === true;
  const log = told ? session.asteriskLog : undefined;
  const look =
    log === undefined ? '' : `wdev_section late; wdev_ask log-since "$R"${log} && exit ${LOGGED}; `;
  const { status, stdout, stderr } = await session.target.run(`${look}wdev_commit`);
  if (status === LOGGED) return sectionText(splitSections(decodeName(stdout), session.target.mark), 'late');
  if (status !== 0) throw journalError(session, 'made final', stderr);
  session.fresh.clear();
  // a target that is lost here is missed by the next request
  void session.target.run('wdev_tidy').catch(() => undefined);
  return '';
}

/** Reads on in Asterisk's log, a moment later: it may lag behind what the console shows. */
export async function readLateLog({ target, asteriskLog }: Session): Promise<string> {
  if (asteriskLog === undefined) return '';
  const { stdout } = await target.run(
    `sleep 0.3 2>/dev/null || sleep 1; wdev_section late; wdev_log "$R"${asteriskLog}`,
  );
  return sectionText(splitSections(decodeName(stdout), target.mark), 'late');
}

/** The result of a batch with what Asterisk logged late: in the outcomes of all that its console was told. */
export function withLateLog(result: ApplyResult, late: string): ApplyResult {
  const outcomes = result.outcomes.map((outcome) =>
    outcome.do === 'console' ? { ...outcome, log: `${outcome.log}${late}` } : outcome,
  );
  return { ...result, outcomes };
}

/** The error of a batch whose journal could not be written or read. */
export function journalError(session: Session, what: string, stderr: Buffer): UserError {
  return new UserError(
    'target-state',
    `target ${session.target.id}: the batch could not be ${what}: ${stderr.toString('utf8').trim()}`,
    {
      help: `Look at free space and permissions below ${session.target.root}${STATE_FOLDER}; the next wdev there rolls it back.`,
    },
  );
}

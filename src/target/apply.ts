import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Effect } from '../plan/effect.ts';
import { DIST_PACKAGES } from '../stage/recipe.ts';
import type { Change, Plan, PlannedEffect } from '../plan/plan.ts';
import { packageRoot } from '../support/paths.ts';
import type { CallLoggerManifest } from '../plugin/plugin.ts';
import { serviceOf } from '../plugin/services.ts';
import { pack, placements, type Placement } from './archive.ts';
import { PJSIP_RELOAD, invalidateScript, isPjsip, readBackScript } from './pjsip.ts';
import { quote, quoteAll } from './quote.ts';
import { splitSections, type Section } from './sections.ts';
import { manifestPath, manifestText, type InstalledPlugin, type Session } from './session.ts';
import type { StagedFile } from '../stage/tree.ts';

/** What one effect did on the target, in its own words. */
export interface EffectOutcome {
  readonly planned: PlannedEffect;
  readonly status: number;
  /** What it printed: Asterisk's answer, a generated file, a program's output. */
  readonly output: string;
  /** What was logged meanwhile: Asterisk's log for a console command, the service's for a restart. */
  readonly log: string;
  /** Answers of `dialplan show <context>` after a dialplan reload. */
  readonly shows: ReadonlyMap<string, string>;
  /** For a generated file: the text of before, and whether wazo-confgend really made it anew. */
  readonly before: string;
  readonly fresh: boolean;
  /** Milliseconds. */
  readonly ms: number;
}

export interface ApplyResult {
  /** Installed paths that were written and read back with another content, or could not be written. */
  readonly unwritten: readonly string[];
  /** Why the files could not be put in place; then no effect was run. */
  readonly problem: string | undefined;
  readonly outcomes: readonly EffectOutcome[];
  /** Milliseconds until the files were in place. */
  readonly placedMs: number;
}

export interface ApplyInput {
  readonly plan: Plan;
  /** Contexts whose read-back is wanted after a dialplan reload. */
  readonly contexts: readonly string[];
}

/** Time for a batch that runs a plugin's own `rules install`: it may fetch packages. */
const RULES_TIMEOUT = 600_000;

/**
 * Puts a batch on the target in one round trip: journal, files (beside their destination, then renamed),
 * effects with their logs. It stays undoable until `commitBatch`.
 */
export async function applyBatch(session: Session, input: ApplyInput): Promise<ApplyResult> {
  const { target } = session;
  const files = batchFiles(session, input.plan);
  const placed = placements(files.put);
  const script = [fileScript(session, placed, files.removed), ...effectScripts(session, input)].join('; ');
  const arrivals: Arrivals = { placed: 0, effects: [] };
  const started = performance.now();
  const runsRules = input.plan.effects.some(({ effect }) => effect.do === 'rules');
  const { status, stdout, stderr } = await target.run(script, {
    input: await pack(placed),
    ...(runsRules ? { timeout: RULES_TIMEOUT } : {}),
    onOutput: (chunk) => noteArrivals(chunk, target.mark, arrivals, started),
  });
  const sections = splitSections(stdout.toString('utf8'), target.mark);
  const problem = sections.some(({ name }) => name === 'placed')
    ? undefined
    : stderr.toString('utf8').trim() || `the shell ended with status ${status}`;
  if (problem === undefined) remember(session, files);
  return {
    problem,
    unwritten: problem === undefined ? unwritten(session, placed, sections) : [],
    outcomes: readOutcomes(input.plan, sections, arrivals),
    placedMs: arrivals.placed,
  };
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
    .map(({ plugin, tree }) => ({ id: plugin.id, version: plugin.version, files: tree }));
  const put = plan.changes.flatMap(({ difference }) => difference.put);
  const removed = plan.changes.flatMap(({ difference }) => difference.removed);
  const texts = manifests.filter(({ files }) => files.size > 0).map((manifest) => manifestFile(manifest));
  const gone = manifests.filter(({ files }) => files.size === 0).map(({ id }) => manifestPath(id));
  const known = gone.filter((path) => session.installed.has(idOf(path)));
  return { put: [...put, ...texts], removed: [...removed, ...known], manifests };
}

function idOf(manifest: string): string {
  return decodeURIComponent(manifest.slice(manifest.lastIndexOf('/') + 1, -'.json'.length));
}

function manifestFile(plugin: InstalledPlugin): StagedFile {
  return { path: manifestPath(plugin.id), mode: 0o644, hash: '', bytes: Buffer.from(manifestText(plugin)) };
}

function fileScript(session: Session, placed: readonly Placement[], removed: readonly string[]): string {
  const paths = [...placed.map(({ file }) => file.path), ...removed];
  const fresh = paths.filter((path) => !session.touched.has(path));
  const steps = ['wdev_begin'];
  if (paths.length > 0) steps.push(`wdev_keep ${quoteAll(paths)}`);
  if (fresh.length > 0) steps.push(`wdev_keep_original ${quoteAll(fresh)}`);
  if (placed.length > 0) steps.push('tar -xf - -C "$R/"');
  for (const { file, temporary } of placed) {
    if (file.folder !== true) steps.push(`wdev_place ${quote(temporary)} ${quote(file.path)}`);
  }
  if (removed.length > 0) steps.push(`wdev_drop ${quoteAll(removed)}`, 'wdev_sweep');
  const checked = placed.filter(({ file }) => readable(file)).map(({ file }) => `"$R"${quote(file.path)}`);
  const readBack = checked.length === 0 ? '' : `; sha256sum -- ${checked.join(' ')}`;
  return `${steps.join(' && ')} || exit 74; wdev_section placed${readBack}`;
}

function readable(file: StagedFile): boolean {
  return file.folder !== true && file.link === undefined && file.hash !== '';
}

/** The scripts of a plan's effects, each with sections for its output, its log and its status. */
export function effectScripts(session: Session, input: ApplyInput): readonly string[] {
  return input.plan.effects.map((planned, index) => {
    const lines = effectScript(session, planned, index, input);
    return `wdev_section effect:${index}; { ${lines}; }; __rc=$?; wdev_section status:${index}; echo "$__rc"`;
  });
}

function effectScript(
  session: Session,
  { effect, plugins }: PlannedEffect,
  index: number,
  input: ApplyInput,
): string {
  const { changes } = input.plan;
  switch (effect.do) {
    case 'console':
      return `${consoleScript(session, effect.command, index, input.contexts)}${pjsipReadBack(effect.command, index, input.plan)}`;
    case 'restart':
      return restartScript(effect.unit, index);
    case 'generate':
      return generateScript(effect, index);
    case 'command':
      return `if command -v ${quote(effect.argv[0])} >/dev/null; then ${quoteAll(effect.argv)} 2>&1; fi`;
    case 'rules':
      return plugins
        .map((id) => `( cd / && "$R"${quote(rulesPath(id))} ${effect.argument} ) 2>&1`)
        .join(' && ');
    case 'call-logger':
      return plugins.map((id) => callLoggerScript(session, id, changes)).join(' && ');
    case 'nothing':
    case 'ask':
      return ':';
  }
}

/** Runs check-call-logger.py on the target, by its text. */
function callLoggerScript(session: Session, id: string, changes: readonly Change[]): string {
  const manifest = changes.find(({ plugin }) => plugin.id === id)?.plugin.callLogger;
  if (manifest?.launcher !== undefined) return launcherScript(manifest, manifest.launcher);
  const program = readFileSync(path.join(packageRoot(), 'src/target/check-call-logger.py'), 'utf8');
  const folder = path.posix.dirname(session.callLogger ?? '');
  const module = path.posix.basename(manifest?.module ?? '', '.py');
  return `python3 -c ${quote(program)} "$R"${quoteAll([folder, module, manifest?.className ?? ''])} 2>&1`;
}

/** Runs check-launcher.py on the target, by its text. */
function launcherScript(manifest: CallLoggerManifest, launcher: string): string {
  const program = readFileSync(path.join(packageRoot(), 'src/target/check-launcher.py'), 'utf8');
  const words = quoteAll([launcher, moduleName(manifest.module), manifest.className]);
  return `python3 -c ${quote(program)} "$R"${DIST_PACKAGES} ${words} "$R"${quote(`${DIST_PACKAGES}/${manifest.settings}`)} 2>&1`;
}

function moduleName(file: string): string {
  return file.replace(/\.py$/, '').replaceAll('/', '.');
}

/** Where the rules of an installed plugin are. Source: wazo-plugind, packaging step. */
export function rulesPath(id: string): string {
  return `/usr/lib/wazo-plugind/plugins/${id}/wazo/rules`;
}

function consoleScript(
  session: Session,
  command: string,
  index: number,
  contexts: readonly string[],
): string {
  const run = `wdev_console ${quote(command)}`;
  const log = session.asteriskLog;
  if (log === undefined) return run;
  const shows = command === 'dialplan reload' ? contexts : [];
  const shown = shows.map(
    (context) => `wdev_section show:${index}:${context}; wdev_console ${quote(`dialplan show ${context}`)}`,
  );
  return [
    `wdev_log_from "$R"${log}`,
    `${run}; __rc=$?; wdev_section log:${index}; wdev_log "$R"${log}`,
    ...shown,
    '( exit "$__rc" )',
  ].join('; ');
}

function restartScript(unit: string, index: number): string {
  const service = serviceOf(unit);
  const log = service?.log ?? `/var/log/${unit}.log`;
  return [
    `__mark=$(wdev_size "$R"${log})`,
    `{ wdev_restart ${quote(unit)} && wdev_await ${quote(unit)} ${service?.port === undefined ? 'no' : 'yes'}; } 2>&1`,
    `__rc=$?; wdev_section log:${index}; wdev_since "$R"${log} "$__mark"; ( exit "$__rc" )`,
  ].join('; ');
}

/** A reload of res_pjsip is read back when a driver's pjsip.conf stands behind it. */
function pjsipReadBack(command: string, index: number, plan: Plan): string {
  const isMade = plan.effects.some(({ effect }) => effect.do === 'generate' && isPjsip(effect));
  if (command !== PJSIP_RELOAD || !isMade) return '';
  return `; __rc=$?; ${readBackScript(index)}; ( exit "$__rc" )`;
}

function generateScript(effect: Extract<Effect, { do: 'generate' }>, index: number): string {
  const log = serviceOf('wazo-confgend')?.log ?? '';
  const name = quote(`${effect.resource}/${effect.filename}`);
  // wazo-confgend writes its cache on every success, and serves it on every failure
  const cache = `"$R"/var/cache/wazo-confgend/${name}`;
  return [
    `__mark=$(wdev_size "$R"${log})`,
    `: >"$S/asked"; wdev_section was:${index}; [ ! -f ${cache} ] || cat ${cache}; wdev_section effect:${index}; wazo-confgen ${name}`,
    `__rc=$?; wdev_section log:${index}; wdev_since "$R"${log} "$__mark"`,
    `wdev_section fresh:${index}; [ ! ${cache} -nt "$S/asked" ] || echo yes${isPjsip(effect) ? `; ${invalidateScript()}` : ''}; rm -f "$S/asked"; ( exit "$__rc" )`,
  ].join('; ');
}

/** When the answers of a batch's steps came, in milliseconds since it was sent. */
interface Arrivals {
  placed: number;
  readonly effects: number[];
}

function noteArrivals(chunk: Buffer, mark: string, arrivals: Arrivals, started: number): void {
  const text = chunk.toString('latin1');
  if (text.includes(`${mark}:placed`)) arrivals.placed = performance.now() - started;
  for (const [, index] of text.matchAll(new RegExp(`${mark}:status:(\\d+)`, 'g'))) {
    arrivals.effects[Number(index)] = performance.now() - started;
  }
}

/** What the effects of a plan did, from the sections that their scripts wrote. */
export function readOutcomes(
  plan: Plan,
  sections: readonly Section[],
  arrivals: Arrivals = { placed: 0, effects: [] },
): readonly EffectOutcome[] {
  const texts = new Map(sections.map((section) => [section.name, section.text]));
  let last = arrivals.placed;
  return plan.effects.flatMap((planned, index) => {
    const status = texts.get(`status:${index}`);
    const output = texts.get(`effect:${index}`);
    if (status === undefined || output === undefined) return [];
    const until = arrivals.effects[index] ?? last;
    const ms = Math.max(0, until - last);
    last = until;
    const show = `show:${index}:`;
    const shows = sections
      .filter(({ name }) => name.startsWith(show))
      .map(({ name, text }): [string, string] => [name.slice(show.length), text]);
    const log = texts.get(`log:${index}`) ?? '';
    const before = texts.get(`was:${index}`) ?? '';
    const fresh = texts.get(`fresh:${index}`)?.trim() === 'yes';
    return [{ planned, status: Number(status), output, log, shows: new Map(shows), before, fresh, ms }];
  });
}

function unwritten(
  session: Session,
  placed: readonly Placement[],
  sections: readonly Section[],
): readonly string[] {
  const found = new Map<string, string>();
  for (const line of sections.find(({ name }) => name === 'placed')?.text.split('\n') ?? []) {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (match?.[2] !== undefined) found.set(match[2].slice(session.target.root.length), match[1] ?? '');
  }
  return placed
    .filter(({ file }) => readable(file) && found.get(file.path) !== file.hash)
    .map(({ file }) => file.path);
}

function remember(session: Session, files: BatchFiles): void {
  for (const file of files.put) session.touched.add(file.path);
  for (const path of files.removed) session.touched.add(path);
  for (const manifest of files.manifests) {
    if (manifest.files.size === 0) session.installed.delete(manifest.id);
    else session.installed.set(manifest.id, manifest);
  }
}

/** Makes a batch final. What is left of it on the target is cleared away without being waited for. */
export async function commitBatch(session: Session): Promise<void> {
  await session.target.run('wdev_commit');
  // a target that is lost here is missed by the next request
  void session.target.run('wdev_tidy').catch(() => undefined);
}

/**
 * Takes a batch back: the files as they were, and the same services told again. `before` is what was
 * installed until this batch.
 */
export async function undoBatch(
  session: Session,
  plan: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
): Promise<readonly EffectOutcome[]> {
  const effects = plan.effects.filter(({ effect }) => effect.do !== 'rules');
  const back: Plan = { ...plan, effects };
  const scripts = effectScripts(session, { plan: back, contexts: [] });
  const { stdout, status, stderr } = await session.target.run(
    ['wdev_undo || exit 74', ...scripts].join('; '),
  );
  if (status === 74) throw new Error(`the batch could not be taken back: ${stderr.toString('utf8').trim()}`);
  for (const [id, plugin] of before) {
    if (plugin === undefined) session.installed.delete(id);
    else session.installed.set(id, plugin);
  }
  return readOutcomes(back, splitSections(stdout.toString('utf8'), session.target.mark));
}

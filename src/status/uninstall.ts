import { sha256 } from '../git/content.ts';
import { decodeName } from '../support/file-name.ts';
import type { Finding } from '../findings/finding.ts';
import type { PlannedEffects } from '../effects/change.ts';
import type { EffectOutcome } from '../effects/module.ts';
import { strangerWith } from '../effects/needed.ts';
import { readOutcomes } from '../effects/outcomes.ts';
import { planRemoval } from '../effects/plan.ts';
import { rulesPath } from '../effects/rules.ts';
import { effectScripts } from '../effects/scripts.ts';
import type { StagedFile } from '../stage/tree.ts';
import { leftByRemoval } from '../targets/foreign.ts';
import { grouped } from '../targets/file-script.ts';
import { journalWord, quote } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { STATE_FOLDER, manifestPath, type InstalledPlugin, type Session } from '../targets/session.ts';
import { keepShared } from '../targets/shared-file.ts';
import { contextNames, expectedFiles } from './dialplan-shown.ts';
import { leftovers } from './leftovers.ts';
import { installAgain, rulesOf } from '../targets/restore.ts';
import { sourceOfByteCode } from '../targets/packages.ts';
import { lookAtPackages } from '../targets/past.ts';
import { besidesOf, concernedPackages, packageChanged, unlikePackages } from './past.ts';
import { ownRecords, readRecords, recordText, type TouchedRecords } from '../targets/touched.ts';
import { readEntryPoints } from './status.ts';
import { needsOf } from './needs.ts';
import { fileState, readFiles, readTexts } from '../targets/target-files.ts';

export interface Uninstalled {
  readonly plugin: string;
  /** Installed paths that are gone, or are as they were before wdev. */
  readonly paths: readonly string[];
  /** Of these, the ones whose earlier content is back. */
  readonly putBack: readonly string[];
  /** Whether a version that was there before wdev serves again. */
  readonly earlier: boolean;
  readonly plan: PlannedEffects;
  readonly outcomes: readonly EffectOutcome[];
  /** Leftovers, and complaints of the plugin's own commands. */
  readonly findings: readonly Finding[];
}

/** Time for a plugin's own `rules uninstall` and `postrm`. */
const RULES_TIMEOUT = 600_000;

/**
 * Takes one plugin off a target: its own `uninstall`, its files off (what they replaced comes back), the services
 * told, its `postrm`; then looks whether it is really gone. Other plugins stay. Files that someone else edited
 * stay too, and are told. Where the plugin was there before wdev, that version's own `install` runs instead.
 */
export async function uninstallPlugin(session: Session, installed: InstalledPlugin): Promise<Uninstalled> {
  const packages = await lookAtPackages(session);
  const removal = await removalOf(session, installed);
  const concerned = concernedPackages(session, [installed.id], removal.paths, packages);
  const { target } = session;
  const { status, stdout, stderr } = await target.run(removalScript(session, installed, removal), {
    input: recordText(removal.records),
    timeout: RULES_TIMEOUT,
  });
  const sections = splitSections(decodeName(stdout), target.mark);
  const outcomes = readOutcomes(removal.plan.effects, sections);
  const putBack = removal.records.own.flatMap(({ kind, path }) => (kind === 'S' ? [path] : []));
  const result = {
    plugin: installed.id,
    paths: removal.paths,
    putBack,
    earlier: removal.rules === 'earlier',
    plan: removal.plan,
    outcomes,
  };
  if (status === 74) {
    return { ...result, paths: [], putBack: [], findings: [notRemoved(stderr.toString('utf8'))] };
  }
  session.installed.delete(installed.id);
  for (const path of [...removal.paths, ...removal.folders]) session.touched.delete(path);
  const said = `${sectionText(sections, 'before')}${sectionText(sections, 'after')}`;
  const left = await leftovers(session, { ...result, dialplan: removal.dialplan });
  return {
    ...result,
    findings: [
      ...complaints(said),
      ...packages.map((change) => packageChanged(change)),
      ...removal.foreign.map((path) =>
        leftByRemoval(target, path, installed.id, removal.originals.has(path)),
      ),
      ...left,
      ...(await unlikePackages(session, concerned, [...removal.paths, ...removal.folders], new Set(putBack))),
    ],
  };
}

interface Removal {
  /** The plugin's installed paths that go; shared files and foreign edits are not among them. */
  readonly paths: readonly string[];
  /** Files that hold other plugins' parts too, without this plugin's part. */
  readonly shared: readonly StagedFile[];
  /** Empty folders that the plugin brought, innermost first. */
  readonly folders: readonly string[];
  /** Paths that someone else edited. */
  readonly foreign: readonly string[];
  /** Paths where another file was before wdev. */
  readonly originals: ReadonlySet<string>;
  readonly records: TouchedRecords;
  /** Whose rules will stand there: of a version before wdev, of nobody; undefined where none run. */
  readonly rules: 'earlier' | 'installed' | undefined;
  readonly plan: PlannedEffects;
  /** Dialplan files that go → the contexts that they wrote. */
  readonly dialplan: ReadonlyMap<string, readonly string[]>;
}

async function removalOf(session: Session, installed: InstalledPlugin): Promise<Removal> {
  const { target } = session;
  const { put: shared } = await keepShared(
    session,
    { put: [], removed: [...installed.files.keys()] },
    installed,
  );
  const others = [...session.installed.values()].filter(({ id }) => id !== installed.id);
  const besides = new Set(besidesOf(session, installed));
  const all = [...installed.files.keys(), ...besides].sort();
  // what was never touched stands there as it stood before
  const alone = all.filter(
    (path) =>
      session.touched.has(path) &&
      installed.files.get(path)?.partOf === undefined &&
      !others.some(({ files }) => files.has(path)),
  );
  const [files, entryPoints, touched] = await Promise.all([
    readFiles(target, alone),
    readEntryPoints(target, alone),
    target.run('[ ! -f "$S/touched" ] || cat "$S/touched"'),
  ]);
  const foreign = alone.filter((path) => {
    const [put, now] = [installed.files.get(path), files.get(path)];
    // where wdev had removed something, somebody may have put another
    if (put === undefined)
      return now !== undefined && now.hash !== 'folder' && sourceOfByteCode(path) === undefined;
    return fileState(put, now) === 'edited';
  });
  const folders = alone.filter((path) => installed.files.get(path)?.hash === 'folder').toReversed();
  const paths = alone.filter((path) => !foreign.includes(path) && !folders.includes(path));
  const owner = strangerWith([...entryPoints.values()].flat());
  const needs = needsOf(paths, owner);
  const expected = expectedFiles(await readTexts(target, needs.dialplan));
  const dialplan = [...expected].map(
    ([path, file]) => [path, contextNames(new Map([[path, file]]))] as const,
  );
  const records = ownRecords(decodeName(touched.stdout), [...paths, ...folders]);
  const told = [...paths, ...shared.map(({ path }) => path)];
  const { earlier, brought } = await rulesOf(session, [installed]);
  const plan = planRemoval(installed.id, told, owner, session.facts);
  return {
    paths,
    shared,
    folders,
    foreign,
    originals: new Set(
      readRecords(decodeName(touched.stdout)).flatMap(({ kind, path }) => (kind === 'S' ? [path] : [])),
    ),
    records,
    rules: earlier.length > 0 ? 'earlier' : brought.length > 0 ? 'installed' : undefined,
    plan: { ...plan, effects: [...installAgain(earlier), ...plan.effects] },
    dialplan: new Map(dialplan),
  };
}

/** Journal, the plugin's own uninstall, files, postrm, effects; its records leave the list of touched paths last. */
function removalScript(session: Session, installed: InstalledPlugin, removal: Removal): string {
  const { paths, shared, folders, plan, records } = removal;
  const manifest = manifestPath(installed.id);
  const kept = [...paths, ...shared.map(({ path }) => path), ...folders, manifest];
  const steps = [
    'wdev_begin',
    ...grouped(kept).map((words) => `wdev_keep_files ${words}`),
    'wdev_change',
    ...shared.map(replaceScript),
    // each by itself: the innermost must go first
    ...[...folders, manifest].map((path) => `wdev_drop ${journalWord(path)}`),
    '__skip= && wdev_put_back "$S/original" "$S/off.new"',
  ];
  const ownRules = removal.rules === 'installed';
  const rules = `"$R"${quote(rulesPath(installed.id))}`;
  return [
    // the lists come first on the input, before anything else could read it
    `head -c ${records.ownBytes} >"$S/off.new" && cat >"$S/rest.new" && [ "$(cat "$S/off.new" "$S/rest.new" | sha256sum)" = "${sha256(recordText(records))}  -" ] || { rm -f "$S"/*.new; echo 'there is no room for the list of what goes' >&2; exit 74; }`,
    'wdev_section before',
    ...(ownRules ? [`cp ${rules} "$S"/rules-off; ${guarded(`${rules} uninstall`)}`] : []),
    `wdev_section files; { ${steps.join(' && ')}; } || { wdev_undo; rm -f "$S"/*.new "$S"/rules-off; exit 74; }`,
    // it removes what a service would stumble over at its restart
    'wdev_section after',
    ...(ownRules ? [guarded('"$S"/rules-off postrm'), 'rm -f "$S"/rules-off'] : []),
    ...effectScripts(session, { effects: plan.effects, changes: [], contexts: [] }),
    // the list first: a line of it never lacks its original
    `wdev_commit; ${records.empty ? 'rm -f "$S/touched" "$S/owners" && rm -rf "$S/original"' : 'mv -f "$S/rest.new" "$S/touched"'}; ${records.originals.map(forgetScript).join('')}rm -f "$S"/*.new`,
    `rmdir "$S/plugins" 2>/dev/null || :`,
  ].join('; ');
}

/** Writes the rest of a shared file in place of it, with its owner and mode. */
function replaceScript({ path, bytes }: StagedFile): string {
  const [file, fresh] = [quote(path), quote(`${path.slice(0, path.lastIndexOf('/'))}/.wdev-new-shared`)];
  return `cp -pP "$R"${file} "$R"${fresh} && printf %s ${quote(bytes.toString('utf8'))} >"$R"${fresh} && mv -f "$R"${fresh} "$R"${file}`;
}

/** Removes a kept original, and its folder when it was the last there. */
function forgetScript(kept: string): string {
  const folder = kept.slice(0, kept.indexOf('/'));
  return `rm -f "$S/original/"${quote(kept)}; rmdir "$S/original/"${folder} 2>/dev/null; `;
}

/** A plugin's own command may fail: that is told, and the rest goes on. Its usual output is not of interest. */
function guarded(command: string): string {
  return `__said=$(cd / && ${command} 2>&1) || printf '%s\\n' "$__said"`;
}

function complaints(said: string): readonly Finding[] {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => ({
    code: 'rules-complained',
    level: 'warning',
    message: `wazo/rules uninstall or postrm failed, but the files were removed: ${line}`,
    file: 'wazo/rules',
  }));
}

function notRemoved(reason: string): Finding {
  return {
    code: 'files-not-removed',
    level: 'error',
    message: `Cannot remove the files, so nothing was changed: ${reason.trim()}`,
    help: reason.includes('unfinished')
      ? 'Another wdev command was interrupted there meanwhile. Run this one again: it first rolls that back.'
      : `Check permissions on the target. The original files are in ${STATE_FOLDER}/original.`,
  };
}

import { UserError } from '../support/errors.ts';
import { parseEntryPoints } from '../readers/entry-points.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { Finding } from '../findings/finding.ts';
import type { PlannedEffect, PlannedEffects } from '../effects/change.ts';
import type { EffectOutcome } from '../effects/module.ts';
import { strangerWith } from '../effects/needed.ts';
import { readOutcomes } from '../effects/outcomes.ts';
import { planRemoval } from '../effects/plan.ts';
import { rulesPath } from '../effects/rules.ts';
import { effectScripts, recoveryCommands } from '../effects/scripts.ts';
import { decodeName } from '../support/file-name.ts';
import { foreignGuard, foreignPaths, leftByRestore, unknownThere } from './foreign.ts';
import { journalWord, quote, quoteAll } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { lookAtPackages, type PackageChange } from './past.ts';
import { renewOriginals } from './shared-file.ts';
import {
  NOT_OURS,
  STATE_FOLDER,
  STILL_OURS,
  stateGone,
  type InstalledPlugin,
  type Session,
} from './session.ts';
import { readRecords } from './touched.ts';

export interface Restored {
  /** Installed paths that are as they were before wdev. */
  readonly paths: readonly string[];
  /** Installed paths that somebody else changed: they are left, and what they were before stays kept. */
  readonly foreign: readonly string[];
  /** The findings about those. */
  readonly left: readonly Finding[];
  readonly plan: PlannedEffects;
  readonly outcomes: readonly EffectOutcome[];
  /** Plugins whose earlier version serves again, by its own `install`. */
  readonly earlier: readonly string[];
  /** Debian packages that the target got or lost since wdev put files over theirs. */
  readonly packages: readonly PackageChange[];
  /** Output of the plugins' own `uninstall` and `postrm` that ended badly. */
  readonly complaints: readonly string[];
}

/**
 * Gives a target back as it was before wdev touched it: each plugin's own `uninstall`, the files as they
 * were, each plugin's `postrm`, the services told, and the state folder removed. A plugin that was there before, by
 * wazo-plugind or by hand, is not removed: its own `install` runs again, as after an upgrade to that version.
 * @throws UserError `restore-failed` when a file could not be put back; what is kept of it stays
 */
export async function restoreTarget(session: Session): Promise<Restored> {
  const { target } = session;
  const packages = await lookAtPackages(session);
  const foreign = await editedPaths(session);
  const paths = [...session.touched].filter((path) => !foreign.includes(path)).sort();
  const owner = strangerWith(await readEntryPoints(session, paths));
  const plan = planRemoval('', paths, owner, session.facts);
  await renewOriginals(session);
  const { earlier, brought } = await rulesOf(session, [...session.installed.values()]);
  const effects = [...installAgain(earlier), ...plan.effects];
  const copies = brought.map(({ id }, index) => ({ id, copy: `"$S"/rules-${index}` }));
  const uninstall = copies.map(
    ({ id, copy }) =>
      // an earlier restore may have been cut off behind this point
      `[ ! -f "$R"${quote(rulesPath(id))} ] || { cp -p "$R"${quote(rulesPath(id))} ${copy}; ${guarded(`"$R"${quote(rulesPath(id))} uninstall`)}; }`,
  );
  const postrm = copies.map(({ copy }) => `[ ! -f ${copy} ] || { ${guarded(`${copy} postrm`)}; }`);
  const script = [
    STILL_OURS,
    'wdev_section before',
    ...uninstall,
    `wdev_section files; __left=$(wdev_lines_of "$S/touched" ${foreign.map(journalWord).join(' ')}; echo .); __left=\${__left%.}; wdev_restoring "$__left" ${quoteAll([...earlier.map(againCommand), ...recoveryCommands(effects)])} && wdev_restore "$__left" || exit 74`,
    'wdev_section after',
    ...postrm,
    // rules that run say so there
    'mkdir -p "$S/batch"',
    ...effectScripts(session, { effects, changes: [], contexts: [] }),
    'wdev_restored "$__left"',
  ].join('; ');
  const { status, stdout, stderr } = await target.run(script, { timeout: 600_000 });
  if (status === NOT_OURS) throw stateGone(session);
  if (status === 74) {
    throw new UserError(
      'restore-failed',
      `target ${target.id}: a file could not be restored: ${stderr.toString('utf8').trim()}`,
      {
        help: `What was there is kept in ${target.root}${STATE_FOLDER}/original; wdev restore tries again.`,
      },
    );
  }
  const left = foreign.map((path) => {
    const owner = ownerOf(session, path);
    return owner === undefined && session.damage.length > 0
      ? unknownThere(target, path)
      : leftByRestore(target, path, owner);
  });
  session.installed.clear();
  session.touched.clear();
  for (const path of foreign) session.touched.add(path);
  const sections = splitSections(decodeName(stdout), target.mark);
  const said = `${sectionText(sections, 'before')}${sectionText(sections, 'after')}`;
  const complaints = said.split('\n').filter((line) => line.trim() !== '');
  return {
    paths,
    foreign,
    left,
    plan: { ...plan, effects },
    outcomes: readOutcomes(effects, sections),
    earlier: earlier.map(({ id }) => id),
    packages,
    complaints,
  };
}

export interface InstalledRules {
  /** Plugins whose rules stood there before wdev came. */
  readonly earlier: readonly InstalledPlugin[];
  /** Plugins whose rules wdev brought. */
  readonly brought: readonly InstalledPlugin[];
}

/** Which of these plugins have rules that may run on the target, and whose they will be once its files are given back. */
export async function rulesOf(
  { target, touched }: Session,
  plugins: readonly InstalledPlugin[],
): Promise<InstalledRules> {
  const candidates = target.runsRules ? plugins : [];
  if (candidates.length === 0) return { earlier: [], brought: [] };
  const standing = candidates.map(({ id }, index) => `[ ! -f "$R"${quote(rulesPath(id))} ] || echo ${index}`);
  const { stdout } = await target.run(
    `wdev_section touched; [ ! -f "$S/touched" ] || cat "$S/touched"; wdev_section standing; ${standing.join('; ')}`,
  );
  const sections = splitSections(decodeName(stdout), target.mark);
  const records = readRecords(sectionText(sections, 'touched'));
  const stands = new Set(sectionText(sections, 'standing').split('\n'));
  const kept = (id: string): string | undefined =>
    records.find((record) => record.path === rulesPath(id) && record.kind !== 'D')?.kind;
  return {
    // never touched: they stand there as they stood
    earlier: candidates.filter(({ id }, index) =>
      touched.has(rulesPath(id)) ? kept(id) === 'S' : stands.has(String(index)),
    ),
    brought: candidates.filter(({ id, files }) => files.has(rulesPath(id)) && kept(id) === 'A'),
  };
}

/** The `install` of plugins whose earlier files are back. */
export function installAgain(plugins: readonly InstalledPlugin[]): readonly PlannedEffect[] {
  if (plugins.length === 0) return [];
  const ids = plugins.map(({ id }) => id);
  return [{ effect: { do: 'rules' }, plugins: ids, because: 'the version before wdev is back' }];
}

function againCommand({ id }: InstalledPlugin): string {
  return `cd / && ${quote(rulesPath(id))} install`;
}

function ownerOf({ installed }: Session, path: string): string | undefined {
  return [...installed.values()].find(({ files }) => files.has(path))?.id;
}

/** Touched paths whose files are neither what wdev installed nor gone. */
async function editedPaths(session: Session): Promise<readonly string[]> {
  const guard = foreignGuard(session, [...session.touched]);
  const { status, stdout } = await session.target.run(guard.join('; ') || ':');
  if (status !== 76) return [];
  return foreignPaths(session, [...session.touched], splitSections(decodeName(stdout), session.target.mark));
}

/** A plugin's own command may fail: that is told, and the rest goes on. Its usual output is not of interest. */
function guarded(command: string): string {
  return `__said=$(cd / && ${command} 2>&1) || printf '%s\\n' "$__said"`;
}

async function readEntryPoints(session: Session, paths: readonly string[]): Promise<readonly EntryPoint[]> {
  const files = paths.filter((path) => path.endsWith('-info/entry_points.txt'));
  if (files.length === 0) return [];
  const words = quoteAll(files.map((path) => `${session.target.root}${path}`));
  const { stdout } = await session.target.run(`cat -- ${words} 2>/dev/null || :`);
  return parseEntryPoints(stdout.toString('utf8'));
}

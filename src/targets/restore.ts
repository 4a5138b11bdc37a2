import { UserError } from '../support/errors.ts';
import { parseEntryPoints } from '../readers/entry-points.ts';
import type { EntryPoint } from '../wazo/entry-point.ts';
import type { Finding } from '../findings/finding.ts';
import type { PlannedEffects } from '../effects/change.ts';
import type { EffectOutcome } from '../effects/module.ts';
import { strangerWith } from '../effects/needed.ts';
import { readOutcomes } from '../effects/outcomes.ts';
import { planRemoval } from '../effects/plan.ts';
import { rulesPath } from '../effects/rules.ts';
import { effectScripts, recoveryCommands } from '../effects/scripts.ts';
import { decodeName } from '../support/file-name.ts';
import { foreignGuard, foreignPaths, leftThere, unknownThere } from './foreign.ts';
import { journalWord, quote, quoteAll } from '../support/quote.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { renewOriginals } from './shared-file.ts';
import { NOT_OURS, STATE_FOLDER, STILL_OURS, stateGone, type Session } from './session.ts';

export interface Restored {
  /** Installed paths that are as they were before wdev. */
  readonly paths: readonly string[];
  /** Installed paths that somebody else changed: they are left, and what they were before stays kept. */
  readonly foreign: readonly string[];
  /** The findings about those. */
  readonly left: readonly Finding[];
  readonly plan: PlannedEffects;
  readonly outcomes: readonly EffectOutcome[];
  /** Output of the plugins' own `uninstall` and `postrm` that ended badly. */
  readonly complaints: readonly string[];
}

/**
 * Gives a target back as it was before wdev touched it: each plugin's own `uninstall`, the files as they
 * were, the services told, each plugin's `postrm`, and the state folder removed.
 * @throws UserError `restore-failed` when a file could not be put back; what is kept of it stays
 */
export async function restoreTarget(session: Session): Promise<Restored> {
  const { target } = session;
  const foreign = await editedPaths(session);
  const paths = [...session.touched].filter((path) => !foreign.includes(path)).sort();
  const owner = strangerWith(await readEntryPoints(session, paths));
  const plan = planRemoval('', paths, owner, session.facts);
  const { effects } = plan;
  await renewOriginals(session);
  const rules = target.runsRules
    ? [...session.installed.values()].filter(({ id, files }) => files.has(rulesPath(id)))
    : [];
  const copies = rules.map(({ id }, index) => ({ id, copy: `"$S"/rules-${index}` }));
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
    `wdev_section files; __left=$(wdev_lines_of "$S/touched" ${foreign.map(journalWord).join(' ')}; echo .); __left=\${__left%.}; wdev_restoring "$__left" ${quoteAll(recoveryCommands(effects))} && wdev_restore "$__left" || exit 74`,
    ...effectScripts(session, { effects, changes: [], contexts: [] }),
    'wdev_section after',
    ...postrm,
    'wdev_restored "$__left"',
  ].join('; ');
  const { status, stdout, stderr } = await target.run(script, { timeout: 600_000 });
  if (status === NOT_OURS) throw stateGone(session);
  if (status === 74) {
    throw new UserError(
      'restore-failed',
      `Target ${target.id}: a file could not be put back: ${stderr.toString('utf8').trim()}`,
      {
        help: `What was there is kept in ${target.root}${STATE_FOLDER}/original; wdev restore tries again.`,
      },
    );
  }
  const left = foreign.map((path) => {
    const owner = ownerOf(session, path);
    return owner === undefined && session.damage.length > 0 ? unknownThere(path) : leftThere(path, owner);
  });
  session.installed.clear();
  session.touched.clear();
  for (const path of foreign) session.touched.add(path);
  const sections = splitSections(decodeName(stdout), target.mark);
  const said = `${sectionText(sections, 'before')}${sectionText(sections, 'after')}`;
  const complaints = said.split('\n').filter((line) => line.trim() !== '');
  return { paths, foreign, left, plan, outcomes: readOutcomes(effects, sections), complaints };
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

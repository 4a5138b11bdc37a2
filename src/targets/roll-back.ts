import type { Plan } from '../effects/change.ts';
import type { EffectOutcome } from '../effects/module.ts';
import { readOutcomes } from '../effects/outcomes.ts';
import { EFFECTS } from '../effects/registry.ts';
import { rulesPath } from '../effects/rules.ts';
import { effectScripts } from '../effects/scripts.ts';
import { sectionText, splitSections } from '../effects/sections.ts';
import { DIALPLAN_PATH, dialplanContexts } from '../effects/evidence/dialplan.ts';
import { decodeName } from '../support/file-name.ts';
import { journalWord, quote, quoteAll } from '../support/quote.ts';
import { isOwnProgram, journalError, type ApplyResult } from './apply.ts';
import { foreignGuard, foreignPaths, guardedPaths } from './foreign.ts';
import { installAgain, rulesOf, type InstalledRules } from './restore.ts';
import type { InstalledPlugin, Session } from './session.ts';

/** The outcome of rolling a batch back. */
export interface Undone {
  /** Of a dialplan reload with the contexts of both versions, as they were read back. */
  readonly outcomes: readonly EffectOutcome[];
  /** Dialplan files that the batch put, and that stand there still: as they were before, or as somebody made them. */
  readonly standing: ReadonlySet<string>;
  /** Installed paths that somebody else changed since the batch put them: they were left. */
  readonly left: readonly string[];
}

/**
 * Rolls a batch back: the files as they were, and the same services told again. `before` is what was
 * installed until this batch, and `result` what came of it.
 */
export async function undoBatch(
  session: Session,
  plan: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
  { problem }: Pick<ApplyResult, 'problem'>,
): Promise<Undone> {
  const { earlier, brought } = await firstRules(session, plan, before);
  const effects = [
    ...installAgain(earlier),
    ...plan.effects.filter(({ effect }) => EFFECTS[effect.do].undo.isRepeated),
  ];
  // a batch that stopped on its way left some files old
  const left = problem === undefined ? await editedSince(session, plan) : [];
  const leave = left.length === 0 ? [] : [`wdev_leave ${left.map(journalWord).join(' ')} || exit 74`];
  const contexts = dialplanContexts(plan.changes);
  const scripts = effectScripts(session, { effects, changes: plan.changes, contexts });
  const dialplan = plan.changes
    .flatMap(({ difference }) => difference.put.map(({ path }) => path))
    .filter((path) => DIALPLAN_PATH.test(path));
  const standing = dialplan.length === 0 ? [] : [`wdev_section standing; wdev_present ${quoteAll(dialplan)}`];
  const gone = problem === undefined ? brought.map(({ id }, index) => [rulesPath(id), index] as const) : [];
  const uninstall = gone.map(
    ([rules, index]) =>
      `cp -p "$R"${quote(rules)} "$S/batch/off-${index}"; ${ownCommand(index, 'uninstall')}`,
  );
  const postrm = gone.map(([, index]) => ownCommand(index, 'postrm'));
  const { stdout, status, stderr } = await session.target.run(
    [
      ...leave,
      ...uninstall,
      'wdev_roll_back || exit 74',
      ...postrm,
      ...standing,
      ...scripts,
      'wdev_commit',
      'wdev_tidy',
    ].join('; '),
  );
  if (status === 74) throw journalError(session, 'rolled back', stderr);
  for (const path of session.fresh) if (!left.includes(path)) session.touched.delete(path);
  session.fresh.clear();
  for (const [id, plugin] of before) {
    if (plugin === undefined) session.installed.delete(id);
    else session.installed.set(id, plugin);
  }
  const sections = splitSections(decodeName(stdout), session.target.mark);
  const stands = new Set(sectionText(sections, 'standing').split('\n'));
  return {
    outcomes: readOutcomes(effects, sections),
    standing: new Set(dialplan.filter((_path, index) => stands.has(String(index)))),
    left,
  };
}

/** A command of rules that are kept beside the batch. What fails, fails after an installation that did, too. */
function ownCommand(index: number, command: string): string {
  return `( cd / && "$S/batch/off-${index}" ${command} ) </dev/null >/dev/null 2>&1 || :`;
}

/**
 * The rules that the batch ran for the first time: of versions that were there before wdev, whose own `install` runs
 * again, and of plugins that it brought, which are removed as dpkg removes them: what their `install` made goes, too.
 */
async function firstRules(
  session: Session,
  { effects }: Plan,
  before: ReadonlyMap<string, InstalledPlugin | undefined>,
): Promise<InstalledRules> {
  const ran = new Set(effects.filter(isOwnProgram).flatMap(({ plugins }) => plugins));
  const first = [...session.installed.values()].filter(
    ({ id }) => ran.has(id) && before.has(id) && before.get(id) === undefined,
  );
  return await rulesOf(session, first);
}

/** Files that somebody else changed since the batch put them. */
async function editedSince(session: Session, { changes }: Plan): Promise<readonly string[]> {
  const paths = guardedPaths(session, changes);
  const { status, stdout } = await session.target.run(foreignGuard(session, paths).join('; ') || ':');
  if (status !== 76) return [];
  return foreignPaths(session, paths, splitSections(decodeName(stdout), session.target.mark));
}

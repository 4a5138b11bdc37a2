/** How the outcome of a merge looks to a person. */

import { noteLines } from './notes.ts';
import { paintDiff } from './fixed-diff.ts';
import { typedPath } from '../support/quote.ts';
import { print, printAside, printContent } from './output.ts';
import { paint } from './paint.ts';
import { diffOf } from '../migrate/migrate.ts';
import type { Interrupted } from '../edits/edit-files.ts';
import type { FileEdit } from '../edits/file-tree.ts';
import type { AnswersRecord } from '../update/answers-file.ts';
import type { MergePlan, PlacedConflict } from '../update/plan-merge.ts';

/** One line a file, with `+`, `-` or `~`, then the files to review. */
export function mergeLines({ edits, conflicts, notes }: MergePlan): readonly string[] {
  const conflicted = new Set(conflicts.map(({ path }) => path));
  return [
    ...edits.map((edit) => `  ${conflicted.has(edit.path) ? paint.red('!') : sign(edit)} ${edit.path}`),
    ...notes.flatMap(noteLines),
    ...(conflicts.length === 0 ? [] : ['', paint.bold('To be decided by you:')]),
    ...conflicts.map((conflict) => `  ${place(conflict)}: ${conflict.reason}`),
  ];
}

function sign({ before, after }: FileEdit): string {
  if (before === undefined) return paint.green('+');
  return after === undefined ? paint.red('-') : paint.yellow('~');
}

function place({ path, lines }: PlacedConflict): string {
  return lines.length === 0 ? path : `${path}:${lines.join(',')}`;
}

/** The outcome as `--json` prints it. */
export function mergeData(plan: MergePlan): Readonly<Record<string, unknown>> {
  return {
    files: plan.edits.map(({ path, before, after }) => ({
      path,
      change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    })),
    conflicts: plan.conflicts,
    notes: plan.notes,
  };
}

/** How to roll the last change of a folder back, from where the person stands. */
export function undoHint(dir: string): string {
  const at = typedPath(dir);
  return `Undo: wdev undo${at === '.' ? '' : ` ${at}`}`;
}

/** Prints what was done, or with `dryRun` the difference that it would make. */
export async function printMerge(
  plan: MergePlan,
  title: string,
  dryRun: boolean,
  dir: string,
): Promise<void> {
  if (plan.edits.length === 0 && plan.conflicts.length === 0) return print([`${title}: nothing to change.`]);
  if (dryRun) printContent(await diffOf(plan.edits), paintDiff);
  print([
    `${paint.bold(title)}${dryRun ? ' would change' : ''}`,
    ...mergeLines(plan),
    ...(dryRun ? [] : [undoHint(dir)]),
  ]);
}

/** Says that an interrupted edit was found and rolled back. */
export function tellInterrupted(interrupted: Interrupted | undefined): void {
  if (interrupted === undefined) return;
  const { record, undoes, left } = interrupted;
  const what = undoes ? `undo of ${record.did}` : record.did;
  const kept = left.length === 0 ? '' : `; left as they are: ${left.join(', ')}`;
  printAside([`An interrupted wdev ${what} was rolled back first${kept}.`]);
}

/** The answers that a plugin amounts to. */
export function proposalLines({ answers, package: module }: AnswersRecord): readonly string[] {
  const rows = [
    ...Object.entries(answers),
    ...(module === undefined ? [] : [['Python package', module] as const]),
  ];
  const told = rows.filter(([, value]) => value !== '' && value !== false);
  const width = Math.max(...told.map(([name]) => name.length));
  return [
    'This plugin was not made by wdev. It amounts to these answers:',
    ...told.map(
      ([name, value]) =>
        `  ${name.padEnd(width)}  ${Array.isArray(value) ? value.join(', ') : String(value)}`,
    ),
  ];
}

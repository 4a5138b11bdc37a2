import { mkdir, writeFile, chmod } from 'node:fs/promises';
import path from 'node:path';
import { removeFolder } from '../support/remove-folder.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { editFiles } from '../edits/edit-files.ts';
import { bytesOf, editsBetween, type FileEdit } from '../edits/file-tree.ts';
import { gitOwn } from '../git/call.ts';
import { listSources } from '../git/sources.ts';
import type { Finding } from '../findings/finding.ts';
import { readPythonTexts } from '../readers/python/read-facts.ts';
import type { PythonTexts } from '../readers/python/python-text.ts';
import { migrateDialplan } from './dialplan.ts';
import { migrateLegacy } from './legacy.ts';
import { migrateNames } from './names.ts';
import { migratePackaging } from './packaging.ts';
import { projectOf, type Migration, type Project } from './project.ts';
import { migrateRemovalOrder } from './removal-order.ts';
import { append } from '../support/append.ts';
import { makeFolders } from '../support/make-folders.ts';

export interface MigrateOptions {
  /** Wazo version whose names the plugin gets. */
  readonly to: string;
  /** Namespace of a legacy plugin, which has none. */
  readonly namespace: string;
}

export interface MigrationPlan {
  readonly edits: readonly FileEdit[];
  /** Sentences about what is done, in order. */
  readonly done: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * The changes that convert a plugin to the current format and names; nothing is written. Pure.
 * @param python what Python says of its setup.py
 */
export function planMigration(before: Project, options: MigrateOptions, python?: PythonTexts): MigrationPlan {
  const steps: readonly ((project: Project) => Migration)[] = [
    (project) => migrateLegacy(project, options.namespace),
    (project) => migratePackaging(project, python),
    migrateRemovalOrder,
    (project) => migrateNames(project, options.to),
    migrateDialplan,
  ];
  let project = before;
  const done: string[] = [];
  const findings: Finding[] = [];
  for (const step of steps) {
    const migration = step(project);
    project = migration.project;
    append(done, migration.done);
    append(findings, migration.findings);
  }
  return { edits: editsBetween(before, project), done, findings };
}

/** Reads a plugin's folder and plans. */
export async function planFor(plugin: Plugin, options: MigrateOptions): Promise<MigrationPlan> {
  const project = projectOf(await listSources(plugin.dir));
  const setup = project.get('setup.py')?.text;
  return planMigration(project, options, await readPythonTexts(setup === undefined ? [] : [setup]));
}

/** Writes all of a plan or nothing, with a record for `wdev undo`. */
export async function applyMigration(plugin: Plugin, plan: MigrationPlan): Promise<void> {
  await editFiles(plugin.dir, plan.edits, 'migrate');
}

/** The edits as git shows them. */
export async function diffOf(edits: readonly FileEdit[]): Promise<string> {
  const folder = temporaryFolder('diff');
  try {
    for (const [side, key] of [
      ['a', 'before'],
      ['b', 'after'],
    ] as const) {
      await mkdir(path.join(folder, side));
      for (const edit of edits) {
        const state = edit[key];
        if (state === undefined) continue;
        const full = path.join(folder, side, edit.path);
        makeFolders(path.dirname(full));
        await writeFile(full, bytesOf(state));
        await chmod(full, state.mode);
      }
    }
    const flags = ['--no-index', '--no-prefix', '--no-ext-diff', '--no-textconv', '--color=never'];
    // no repository above the folder has a say
    const env = { GIT_CEILING_DIRECTORIES: path.dirname(folder) };
    return (await gitOwn(folder, ['--no-pager', 'diff', ...flags, 'a', 'b'], { env })).stdout;
  } finally {
    removeFolder(folder);
  }
}

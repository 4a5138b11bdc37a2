import { cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../support/finding.ts';
import { installedHome } from '../plugin/names.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { run } from '../support/run.ts';
import { callLoggerTree } from './call-logger-tree.ts';
import { listSources, type SourceListing } from './listing.ts';
import { precheck } from './precheck.ts';
import { learnProvenance } from './provenance.ts';
import { findPython, serverPath } from './server-environment.ts';
import { explainRules, explainStep } from './step-failure.ts';
import { stageSteps } from './recipe.ts';
import type { StagedFile, StagedTree } from './tree.ts';
import { openWorkspace, readTree, type Workspace } from './workspace.ts';

/** A plugin as it would stand on a target, and the sources that made it. */
export interface Stage {
  readonly plugin: Plugin;
  readonly sources: SourceListing;
  readonly tree: StagedTree;
  /** What is worth saying though staging went through. */
  readonly findings: readonly Finding[];
}

export type StageResult =
  | { readonly ok: true; readonly stage: Stage }
  | { readonly ok: false; readonly sources: SourceListing; readonly findings: readonly Finding[] };

/**
 * Stages a plugin through its own `rules build` and `rules package` in a clean copy. Needs neither root nor
 * fakeroot and leaves the author's tree alone. `listed` saves listing the sources again.
 * Source: wazo-plugind, building and packaging steps.
 */
export async function stagePlugin(plugin: Plugin, listed?: SourceListing): Promise<StageResult> {
  const sources = listed ?? (await listSources(plugin.dir));
  const broken = precheck(plugin, sources);
  if (broken !== undefined) return { ok: false, sources, findings: [broken] };
  const workspace = openWorkspace(sources);
  try {
    return await stageIn(workspace, plugin, sources);
  } finally {
    workspace.remove();
  }
}

async function stageIn(workspace: Workspace, plugin: Plugin, sources: SourceListing): Promise<StageResult> {
  const { source, pkgdir } = workspace;
  const python = await findPython();
  const env = { PATH: serverPath(), pkgdir, PYTHONDONTWRITEBYTECODE: '1' };
  for (const step of stageSteps(plugin, { source, pkgdir, python }, sources.has('setup.py'))) {
    if (step.name === 'package') await mkdir(pkgdir);
    const result = await run(step.argv, { cwd: source, env });
    if (result.status === 0) continue;
    const isRules = step.name === 'build' || step.name === 'package';
    const finding = isRules
      ? await explainRules(step.name, result, sources, source, [])
      : explainStep(step, result, undefined, source);
    return { ok: false, sources, findings: [finding] };
  }
  await mkdir(pkgdir, { recursive: true });
  await addWhatInstallersAdd(plugin, workspace);
  const files = [...readTree(pkgdir), ...callLoggerTree(plugin, sources)];
  return { ok: true, stage: { plugin, sources, tree: withProvenance(sources, files), findings: [] } };
}

/** What wazo-plugind puts beside the files of `rules package`, and a driver's own `etc/`. */
async function addWhatInstallersAdd(plugin: Plugin, { source, pkgdir }: Workspace): Promise<void> {
  if (plugin.kind === 'stack') {
    const home = path.join(pkgdir, installedHome(plugin));
    await mkdir(home, { recursive: true });
    await cp(path.join(source, 'wazo'), path.join(home, 'wazo'), { recursive: true, verbatimSymlinks: true });
  }
  const etc = path.join(source, 'etc');
  if (plugin.kind === 'confgend' && (await isFolder(etc))) {
    await cp(etc, path.join(pkgdir, 'etc'), { recursive: true, verbatimSymlinks: true });
  }
}

function withProvenance(sources: SourceListing, files: readonly StagedFile[]): StagedTree {
  const learned = learnProvenance(sources, files);
  const tree = new Map<string, StagedFile>();
  for (const file of files) {
    const source = file.source ?? learned.get(file.path);
    tree.set(file.path, source === undefined ? file : { ...file, source });
  }
  return tree;
}

async function isFolder(dir: string): Promise<boolean> {
  return await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import type { StageStep } from '../kinds/kind.ts';
import type { View } from '../sandbox/enclose.ts';
import { pythonHome } from '../sandbox/python.ts';
import { runPlugin, type PluginProgram } from '../sandbox/run.ts';
import { callLoggerTree } from './call-logger-tree.ts';
import type { ClearLater } from './clear-later.ts';
import { withFields } from '../git/content.ts';
import { listSources, type SourceListing } from '../git/sources.ts';
import { makeFolderBelow } from './folder-below.ts';
import { withIgnored } from './ignored-need.ts';
import { folderInTheWay, linkInTheWay, packageFolderExists, packageFolderGone } from './package-folder.ts';
import { precheck } from './precheck.ts';
import { keptWorkspace } from './kept-copies.ts';
import { learnProvenance } from './provenance.ts';
import { rememberTree } from './remembered-trees.ts';
import { findPython, serverPath } from './server-environment.ts';
import { explainRules, explainStep } from './step-failure.ts';
import { stepView } from './step-view.ts';
import type { StagedFile, StagedTree } from './tree.ts';
import { copyFolder, makeOwned, openWorkspace, readTree, type Workspace } from './workspace.ts';
import { isFolder, lstatOf } from '../support/stat.ts';
import { during } from '../support/doing.ts';

/** A plugin as it would stand on a target, and the sources that made it. */
export interface Stage {
  readonly plugin: Plugin;
  readonly sources: SourceListing;
  readonly tree: StagedTree;
  /** Findings of a staging that went through. */
  readonly findings: readonly Finding[];
}

export type StageResult =
  /** With what the steps wrote to stderr. */
  | { readonly ok: true; readonly stage: Stage; readonly stderr: string }
  | { readonly ok: false; readonly sources: SourceListing; readonly findings: readonly Finding[] };

export interface StageOptions {
  /** The sources, if they have been listed already. */
  readonly listed?: SourceListing | undefined;
  /** The sources as they were the last time: what is the same is not held in memory twice. */
  readonly before?: SourceListing | undefined;
  /** Ends the plugin's commands in the middle; what then comes back says nothing of the plugin. */
  readonly signal?: AbortSignal | undefined;
  /** The plugin will be staged again: a clean copy of many files stays, and only what changed is copied then. */
  readonly again?: boolean | undefined;
  /** Takes the clean copy, to remove it later. */
  readonly clearing?: ClearLater | undefined;
}

/**
 * Stages a plugin through its own `rules build` and `rules package` in a clean copy. Needs neither root nor
 * fakeroot and leaves the author's tree alone.
 * Source: wazo-plugind, building and packaging steps.
 */
export async function stagePlugin(plugin: Plugin, options: StageOptions = {}): Promise<StageResult> {
  const sources = options.listed ?? (await listSources(plugin.dir, options.before));
  const broken = precheck(plugin, sources);
  if (broken !== undefined) return { ok: false, sources, findings: [broken] };
  const workspace = await (options.again === true
    ? keptWorkspace(plugin.dir, sources)
    : openWorkspace(sources));
  try {
    return await during(
      `staging ${plugin.id}`,
      async () => await stageIn(workspace, plugin, sources, options.signal),
    );
  } finally {
    if (workspace.isKept || options.clearing?.take(workspace.folder) !== true) workspace.remove();
  }
}

async function stageIn(
  workspace: Workspace,
  plugin: Plugin,
  sources: SourceListing,
  signal: AbortSignal | undefined,
): Promise<StageResult> {
  const { source, pkgdir, owner } = workspace;
  const env = { PATH: serverPath(), pkgdir, PYTHONDONTWRITEBYTECODE: '1' };
  let stderr = '';
  for (const step of kindOf(plugin).steps(sources, pkgdir)) {
    if (step.name === 'package') {
      if (lstatOf(pkgdir) !== undefined)
        return { ok: false, sources, findings: [packageFolderExists(sources)] };
      makeOwned(pkgdir, owner);
    }
    const { command, seen } = await programOf(step, source);
    const result = await runPlugin({ ...seen, command, env: { ...env, ...seen.env }, signal });
    stderr += result.stderr;
    if (result.status === 0) continue;
    const finding =
      step.runs === 'rules' && signal?.aborted !== true
        ? await explainRules(step.name, result, sources, source, [])
        : explainStep(step, result, undefined, source);
    return { ok: false, sources, findings: [withIgnored(finding, result, plugin.dir, sources)] };
  }
  if (lstatOf(pkgdir) === undefined) mkdirSync(pkgdir);
  if (!isFolder(pkgdir)) return { ok: false, sources, findings: [packageFolderGone(sources)] };
  const made = madeByPlugind(plugin, workspace, sources);
  if (made !== undefined) return { ok: false, sources, findings: [made] };
  const blocked = await addWhatInstallersAdd(plugin, workspace);
  if (blocked !== undefined) return { ok: false, sources, findings: [linkInTheWay(sources, blocked)] };
  const files = [...(await readTree(pkgdir, sources)), ...callLoggerTree(plugin, sources)];
  const tree = withProvenance(sources, files);
  rememberTree(plugin, sources, tree);
  return { ok: true, stage: { plugin, sources, tree, findings: [] }, stderr };
}

/** The finding for what `rules package` made although wazo-plugind makes it, and fails when it is there. */
function madeByPlugind(plugin: Plugin, { pkgdir }: Workspace, sources: SourceListing): Finding | undefined {
  if (plugin.kind !== 'stack') return undefined;
  if (lstatOf(path.join(pkgdir, 'DEBIAN')) !== undefined) return folderInTheWay(sources, 'DEBIAN', /DEBIAN/);
  const homes = kindOf(plugin)
    .adds(plugin)
    .map(({ to }) => path.posix.dirname(to));
  const home = homes.find((folder) => lstatOf(path.join(pkgdir, folder)) !== undefined);
  return home === undefined
    ? undefined
    : folderInTheWay(sources, home.replace(/^\//, ''), /wazo-plugind\/plugins/);
}

/** The files that wazo-plugind puts beside those of `rules package`, and a driver's own `etc/`. */
async function addWhatInstallersAdd(
  plugin: Plugin,
  { source, pkgdir }: Workspace,
): Promise<string | undefined> {
  for (const { from, to } of kindOf(plugin).adds(plugin)) {
    const folder = path.join(source, from);
    if (!isFolder(folder)) continue;
    const blocked = makeFolderBelow(pkgdir, to);
    if (blocked !== undefined) return blocked;
    await copyFolder(folder, path.join(pkgdir, to));
  }
  return undefined;
}

async function programOf(
  step: StageStep,
  source: string,
): Promise<{ command: readonly [string, ...string[]]; seen: View & Pick<PluginProgram, 'env'> }> {
  const seen = stepView(source);
  if (step.runs === 'rules') return { command: ['wazo/rules', step.name], seen };
  const python = await findPython();
  const { program, readable, env } = await pythonHome(python);
  return { command: [program, ...step.args], seen: { ...seen, readable, env } };
}

function withProvenance(sources: SourceListing, files: readonly StagedFile[]): StagedTree {
  const learned = learnProvenance(sources, files);
  const tree = new Map<string, StagedFile>();
  for (const file of files) {
    const source = file.source ?? learned.get(file.path);
    tree.set(file.path, source === undefined ? file : withFields(file, { source }));
  }
  return tree;
}

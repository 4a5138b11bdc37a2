import { rulesOf } from '../stage/listing.ts';
import { createHash } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { debianPackageName } from '../plugin/names.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { learnProvenance } from '../stage/provenance.ts';
import { listSources, type SourceListing } from '../stage/listing.ts';
import { installedHome, precheck } from '../stage/stage.ts';
import { traceRules } from '../stage/trace.ts';
import type { StagedFile } from '../stage/tree.ts';
import { closedFolders, openWorkspace, readTree, type Workspace } from '../stage/workspace.ts';
import { isError, type Finding } from '../support/finding.ts';
import { aptSourceFindings } from './apt-sources.ts';
import { downloadFindings } from './download.ts';
import { packageTime } from './epoch.ts';
import { readMetadata, PLUGIN_YML, type Metadata } from './metadata.ts';
import { FAKEROOT, runPackageSteps } from './package-steps.ts';
import { rulesLine } from '../plugin/rules-text.ts';
import { looksIncomplete, wholenessFindings } from './wholeness.ts';

export interface BuiltPackage {
  readonly plugin: Plugin;
  readonly metadata: Metadata;
  /** Absolute path of the .deb. */
  readonly deb: string;
  /** `wazo-plugind-NAME-NAMESPACE`. */
  readonly name: string;
  readonly version: string;
  readonly sources: SourceListing;
  /** Every file that the package installs, with the source that it is a copy of. */
  readonly files: readonly StagedFile[];
}

export type BuildResult =
  | { readonly ok: true; readonly built: BuiltPackage; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly plugin: Plugin; readonly findings: readonly Finding[] };

export interface BuildOptions {
  /** Makes a workspace known to other tools, and gives what begins each command: a chroot of another Debian. */
  readonly enter?: (workspace: Workspace) => Promise<readonly string[]>;
  readonly leave?: () => Promise<void>;
}

/**
 * Makes the package that wazo-plugind would make of a plugin's folder, and writes it to `out` under Debian's
 * name. Works in a clean copy, as an ordinary user. The same sources give the same bytes: see epoch.ts.
 * Nothing is written when a finding of level error is told. Source: wazo-plugind, extracting to packaging.
 */
export async function buildPackage(
  plugin: Plugin,
  out: string,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const sources = await listSources(plugin.dir);
  const early = precheck(plugin, sources) ?? notStack(plugin);
  const download = await downloadFindings(plugin.dir, sources);
  const text = sources.get(PLUGIN_YML)?.bytes.toString('utf8');
  if (early !== undefined) return { ok: false, plugin, findings: [...download, early] };
  if (text === undefined) return { ok: false, plugin, findings: download };
  const manifest = readMetadata(text);
  const findings = [...download, ...manifest.findings];
  if (!manifest.ok) return { ok: false, plugin, findings };
  const { metadata } = manifest;
  const time = await packageTime(plugin.dir, sources);
  const workspace = await openWorkspace(sources, { key: contentKey(sources), mtime: time });
  try {
    const prefix = (await options.enter?.(workspace)) ?? [];
    const steps = await runPackageSteps({ workspace, sources, metadata, time, prefix });
    if (!steps.ok) return { ok: false, plugin, findings: [...findings, ...steps.findings] };
    const files = await packagedFiles(workspace, sources);
    findings.push(
      ...(await judge(workspace, sources, {
        files,
        metadata,
        stderr: steps.stderr,
        traced: prefix.length === 0,
      })),
    );
    if (findings.some(isError)) return { ok: false, plugin, findings };
    const deb = await deliver(steps.deb, out, metadata);
    const name = debianPackageName(metadata.namespace, metadata.name);
    const built = { plugin, metadata, deb, name, version: metadata.version, sources, files };
    return { ok: true, built, findings };
  } finally {
    await options.leave?.();
    await workspace.remove();
  }
}

function notStack(plugin: Plugin): Finding | undefined {
  if (plugin.kind === 'stack') return undefined;
  return {
    code: 'not-a-stack-plugin',
    level: 'error',
    message: `${plugin.id} is of kind ${plugin.kind}; wazo-plugind packages folders with wazo/plugin.yml and wazo/rules.`,
    help: 'wdev install brings it to a target without a package.',
  };
}

/** Equal for equal sources, so that paths which end up in byte-code are equal too. */
function contentKey(sources: SourceListing): string {
  const hash = createHash('sha256');
  for (const name of [...sources.keys()].sort()) {
    hash.update(`${name}\0${sources.get(name)?.mode}\0${sources.get(name)?.hash}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}

async function packagedFiles(workspace: Workspace, sources: SourceListing): Promise<readonly StagedFile[]> {
  const files = (await readTree(workspace.pkgdir)).filter((file) => !file.path.startsWith('/DEBIAN/'));
  const learned = learnProvenance(sources, files);
  return files.map((file) => {
    const source = learned.get(file.path);
    return source === undefined ? file : { ...file, source };
  });
}

interface Judged {
  readonly files: readonly StagedFile[];
  readonly metadata: Metadata;
  readonly stderr: string;
  /** Whether a trace with this machine's tools tells the truth about the build. */
  readonly traced: boolean;
}

async function judge(
  workspace: Workspace,
  sources: SourceListing,
  { files, metadata, stderr, traced }: Judged,
): Promise<readonly Finding[]> {
  const own = `${installedHome(metadata)}/wazo/`;
  const contents = { sources, files: files.filter((file) => !file.path.startsWith(own)), stderr };
  const trace =
    traced && looksIncomplete(contents)
      ? await traceRules(sources, ['build', 'package'], FAKEROOT)
      : undefined;
  const closed = await closedFolders(workspace.source);
  return [
    ...wholenessFindings(contents, trace),
    ...aptSourceFindings(files),
    ...closed.slice(0, 1).map((folder) => cleaningFinding(sources, path.relative(workspace.source, folder))),
  ];
}

function cleaningFinding(sources: SourceListing, folder: string): Finding {
  return {
    code: 'build-leaves-read-only-folder',
    level: 'error',
    message: `The folder ${folder} is left without write permission, so wazo-plugind can't remove the build.`,
    file: 'wazo/rules',
    line: rulesLine(rulesOf(sources), /chmod|install .*-m|mkdir .*-m|cp -\w*[ap]/) ?? 1,
    help: 'chmod u+w it before the step ends; what the package needs is set on files in $pkgdir.',
    source: 'wazo-plugind, cleaning step',
  };
}

async function deliver(made: string, out: string, metadata: Metadata): Promise<string> {
  const package_ = debianPackageName(metadata.namespace, metadata.name);
  // Debian leaves the epoch out of file names
  const deb = path.resolve(out, `${package_}_${metadata.version.replace(/^\d+:/, '')}_all.deb`);
  await mkdir(path.dirname(deb), { recursive: true });
  await copyFile(made, deb);
  return deb;
}

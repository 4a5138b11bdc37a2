import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { debianPackageName } from '../wazo/names.ts';
import { kindOf, type Plugin } from '../kinds/plugin.ts';
import type { SourceListing } from '../git/sources.ts';
import { precheck } from '../stage/precheck.ts';
import type { StagedFile } from '../stage/tree.ts';
import { openWorkspace, type Workspace } from '../stage/workspace.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { downloadFindings, untrackedFindings } from './download.ts';
import { packageTime } from './epoch.ts';
import { gather, type Gathered } from './gather.ts';
import { readMetadata, PLUGIN_YML, type Metadata } from '../kinds/plugin-metadata.ts';
import { runPackageSteps } from './package-steps.ts';
import { makeFolders } from '../support/make-folders.ts';

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
  /** The tools of another Debian. */
  readonly tools?: {
    /** Folder of its system. */
    readonly system: string;
    /** Makes a workspace known to them, and gives what begins each command: a chroot. */
    enter(workspace: Workspace): Promise<readonly string[]>;
    leave(): Promise<void>;
  };
  /** The facts of git about the folder, when it was asked already. */
  readonly gathered?: Gathered;
  /** Called while the first step of `rules` runs: time to load what comes after. */
  readonly meanwhile?: () => void;
}

/**
 * Makes the package that wazo-plugind would make of a plugin's folder, and writes it to `out` under Debian's
 * name. Works in a clean copy, as an ordinary user. The same sources give the same bytes: see epoch.ts.
 * Nothing is written when there is a finding of level error. Source: wazo-plugind, extracting to packaging.
 */
export async function buildPackage(
  plugin: Plugin,
  out: string,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const foreign = notStack(plugin);
  if (foreign !== undefined) return { ok: false, plugin, findings: [foreign] };
  const gathered = options.gathered ?? (await gather(plugin.dir));
  const { sources } = gathered;
  const early = precheck(plugin, sources);
  const download = await downloadFindings(plugin.dir, gathered);
  const text = sources.get(PLUGIN_YML)?.bytes.toString('utf8');
  if (early !== undefined)
    return { ok: false, plugin, findings: [...download.filter(({ code }) => code !== early.code), early] };
  if (text === undefined) return { ok: false, plugin, findings: download };
  const manifest = readMetadata(text);
  const findings = [...download, ...manifest.findings];
  if (!manifest.ok) return { ok: false, plugin, findings };
  const { metadata } = manifest;
  const time = await packageTime(plugin.dir, gathered);
  const workspace = await openWorkspace(sources, { key: contentKey(sources), mtime: time });
  try {
    const prefix = (await options.tools?.enter(workspace)) ?? [];
    const meanwhile = (): void => {
      void import('./inspect.ts');
      options.meanwhile?.();
    };
    const { dir } = plugin;
    const job = { dir, workspace, sources, metadata, time, prefix, meanwhile, system: options.tools?.system };
    // the tree is read while dpkg-deb packs it
    const steps = await runPackageSteps(job, async () => {
      const { packagedFiles } = await import('./inspect.ts');
      return await packagedFiles(workspace, sources);
    });
    if (!steps.ok) return { ok: false, plugin, findings: [...findings, ...steps.findings] };
    const files = steps.tree;
    const { packageFindings } = await import('./inspect.ts');
    findings.push(
      ...(await packageFindings(workspace, sources, {
        files,
        metadata,
        stderr: steps.stderr,
        traced: prefix.length === 0,
      })),
    );
    findings.push(...(await untrackedFindings(plugin.dir, gathered, files)));
    if (findings.some(isError)) return { ok: false, plugin, findings };
    const deb = await deliver(steps.deb, out, metadata);
    const name = debianPackageName(metadata.namespace, metadata.name);
    const built = { plugin, metadata, deb, name, version: metadata.version, sources, files };
    return { ok: true, built, findings };
  } finally {
    await options.tools?.leave();
    workspace.remove();
  }
}

function notStack(plugin: Plugin): Finding | undefined {
  const { can, instead } = kindOf(plugin);
  if (can.build) return undefined;
  return {
    code: 'not-a-stack-plugin',
    level: 'error',
    message: `${plugin.id} has the ${plugin.kind} form, which wazo-plugind cannot package: it needs wazo/plugin.yml and wazo/rules`,
    help: instead,
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

async function deliver(made: string, out: string, metadata: Metadata): Promise<string> {
  const packageName = debianPackageName(metadata.namespace, metadata.name);
  // Debian leaves the epoch out of file names
  const deb = path.resolve(out, `${packageName}_${metadata.version.replace(/^\d+:/, '')}_all.deb`);
  makeFolders(path.dirname(deb));
  await copyFile(made, deb);
  return deb;
}

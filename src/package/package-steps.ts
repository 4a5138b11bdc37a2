import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Finding } from '../findings/finding.ts';
import { runPlugin } from '../sandbox/run.ts';
import { run, type RunResult } from '../support/run.ts';
import type { SourceListing } from '../git/sources.ts';
import { serverPath } from '../stage/server-environment.ts';
import { installedHome } from '../wazo/names.ts';
import type { RulesStep } from '../stage/trace.ts';
import { makeOwned, takeBack, type Workspace } from '../stage/workspace.ts';
import { controlFile, lineOfComplaint } from './control.ts';
import { maintainerScripts } from './maintainer-scripts.ts';
import { PLUGIN_YML, type Metadata } from '../kinds/plugin-metadata.ts';
import { makeFolderBelow } from '../stage/folder-below.ts';
import {
  folderInTheWay,
  linkInTheWay,
  packageFolderExists,
  packageFolderGone,
} from '../stage/package-folder.ts';
import { stepView } from '../stage/step-view.ts';
import { readEntries } from '../support/entries.ts';
import { systemPath } from '../support/file-name.ts';
import { quote } from '../support/quote.ts';
import { isFolder, lstatOf } from '../support/stat.ts';
import { makeFolders } from '../support/make-folders.ts';

/** The command that lets `rules package` set owners. */
export const FAKEROOT = ['fakeroot'] as const;

/** No owner is really set: who packages is not root, and knows few accounts. Source: fakeroot(1). */
const FAKEROOT_SETTINGS = { FAKEROOTDONTTRYCHOWN: '1' };

const PACKAGING = 'wazo-plugind, packaging step';

export type StepsResult<Tree> =
  | { readonly ok: true; readonly deb: string; readonly stderr: string; readonly tree: Tree }
  | Refusal;

interface Refusal {
  readonly ok: false;
  readonly findings: readonly Finding[];
}

/** The folders that the steps of one package work on. */
export interface PackageJob {
  /** The plugin's own folder, which the sources were copied from. */
  readonly dir: string;
  readonly workspace: Workspace;
  readonly sources: SourceListing;
  readonly metadata: Metadata;
  /** Seconds since 1970: no file of the package is newer. */
  readonly time: number;
  /** Begins every command outside a sandbox; for tools of another Debian. Empty for those of this machine. */
  readonly prefix: readonly string[];
  /** Folder of the system whose tools a sandbox shows to `rules`; that of this machine by default. */
  readonly system?: string | undefined;
  /** Called while the first step runs. */
  readonly meanwhile?: (() => void) | undefined;
}

/**
 * wazo-plugind's building and packaging steps in a clean copy, with its quirks: it fails when `_pkg` or the
 * folders that it makes itself are there. `readTree` is called when the tree is complete, while dpkg-deb packs it.
 * Source: wazo-plugind, building and packaging steps.
 */
export async function runPackageSteps<Tree>(
  job: PackageJob,
  readTree: () => Promise<Tree>,
): Promise<StepsResult<Tree>> {
  const { workspace, metadata } = job;
  const building = runRules(job, 'build');
  job.meanwhile?.();
  const build = await building;
  if (build.status !== 0) return await failed(job, 'build', build);
  if (exists(workspace.pkgdir)) return refuse(packageFolderExists(job.sources));
  makeOwned(workspace.pkgdir, workspace.owner);
  const packaged = await runRules(job, 'package');
  if (isMissing(packaged)) return refuse(missingTool('fakeroot'));
  if (packaged.status !== 0) return await failed(job, 'package', packaged);
  const blocked = addOwnFiles(job);
  if (blocked !== undefined) return refuse(blocked);
  const deb = path.join(workspace.source, '_pkg.deb');
  const packing = run(inPrefix(job, ['dpkg-deb', '--build', workspace.pkgdir, deb]), {
    cwd: workspace.source,
    env: { PATH: `${packersTar(workspace.folder)}:${serverPath()}`, SOURCE_DATE_EPOCH: String(job.time) },
  });
  const [result, tree] = await Promise.all([packing, readTree()]);
  if (isMissing(result)) return refuse(missingTool('dpkg-deb'));
  if (result.status !== 0) return refuse(debFailure(metadata, result, workspace.source));
  return { ok: true, deb, stderr: build.stderr + packaged.stderr, tree };
}

/** The account that packs on a server, outside fakeroot, so that every file is its own. Source: wazo-plugind, packaging step. */
const PACKER = 'wazo-plugind';

/**
 * The folder of a `tar` that names wazo-plugind as the owner of what it packs; where that account is not, dpkg takes the
 * number, which is root's. What dpkg-deb itself says of owners (those of control files) comes later, and counts.
 */
export function packersTar(folder: string): string {
  const bin = path.join(folder, 'bin');
  makeFolders(bin);
  const owner = `--owner=${PACKER}:0 --group=${PACKER}:0`;
  writeFileSync(path.join(bin, 'tar'), `#!/bin/sh\nPATH=${quote(serverPath())}\nexec tar ${owner} "$@"\n`, {
    mode: 0o755,
  });
  return bin;
}

/** The program itself could not be started. */
function isMissing({ status, stderr }: RunResult): boolean {
  return status === 127 && /\bENOENT\b/.test(stderr);
}

function refuse(finding: Finding): Refusal {
  return { ok: false, findings: [finding] };
}

function inPrefix({ prefix }: PackageJob, command: readonly string[]): [string, ...string[]] {
  return [...prefix, ...command] as unknown as [string, ...string[]];
}

async function runRules(job: PackageJob, step: RulesStep): Promise<RunResult> {
  const { source, pkgdir } = job.workspace;
  const command = [...(step === 'package' ? FAKEROOT : []), path.join(source, 'wazo/rules'), step] as const;
  // an activated virtualenv is the author's, not the server's
  const env = {
    PATH: serverPath(),
    pkgdir: step === 'package' ? pkgdir : undefined,
    ...(step === 'package' ? FAKEROOT_SETTINGS : {}),
    PYTHONPATH: undefined,
    PYTHONHOME: undefined,
    PYTHONDONTWRITEBYTECODE: undefined,
    VIRTUAL_ENV: undefined,
  };
  return await runPlugin({
    ...stepView(source),
    ...(job.system === undefined ? {} : { system: job.system }),
    outside: job.prefix,
    command: [...command] as [string, ...string[]],
    env,
  });
}

async function failed(job: PackageJob, step: RulesStep, result: RunResult): Promise<Refusal> {
  const { sources, workspace } = job;
  const { explainRules } = await import('../stage/step-failure.ts');
  // the trace runs with this machine's tools, so it says nothing about another Debian's
  const wrapper = job.prefix.length > 0 ? undefined : FAKEROOT;
  const finding = await explainRules(step, result, sources, workspace.source, wrapper);
  const { withIgnored } = await import('../stage/ignored-need.ts');
  return refuse(withIgnored(finding, result, job.dir, sources));
}

/** The plugin's `wazo` folder and the control files; a finding when `rules` was there first. */
function addOwnFiles({ workspace, sources, metadata }: PackageJob): Finding | undefined {
  const { source, pkgdir } = workspace;
  if (!isFolder(pkgdir)) return packageFolderGone(sources);
  takeBack(pkgdir, workspace);
  const home = path.join(pkgdir, installedHome(metadata));
  if (exists(home)) return folderInTheWay(sources, installedHome(metadata).slice(1), /wazo-plugind\/plugins/);
  const blocked = makeFolderBelow(pkgdir, installedHome(metadata));
  if (blocked !== undefined) return linkInTheWay(sources, blocked);
  copyByUmask(path.join(source, 'wazo'), path.join(home, 'wazo'));
  const control = path.join(pkgdir, 'DEBIAN');
  if (exists(control)) return folderInTheWay(sources, 'DEBIAN', /DEBIAN/);
  mkdirSync(control);
  writeFileSync(path.join(control, 'control'), controlFile(metadata));
  for (const [name, text] of maintainerScripts(metadata)) {
    writeFileSync(path.join(control, name), text);
    chmodSync(path.join(control, name), 0o755);
  }
  return undefined;
}

/** As `cp -R` does, without a process: the umask takes bits of modes away, as on the server. */
function copyByUmask(from: string, to: string): void {
  const stat = lstatSync(systemPath(from));
  if (stat.isSymbolicLink())
    symlinkSync(readlinkSync(systemPath(from), { encoding: 'buffer' }), systemPath(to));
  else if (stat.isFile()) {
    copyFileSync(systemPath(from), systemPath(to));
    chmodSync(systemPath(to), stat.mode & 0o777 & ~process.umask());
  } else if (stat.isDirectory()) {
    mkdirSync(systemPath(to), { mode: (stat.mode & 0o777) | 0o700 });
    for (const { name } of readEntries(from)) copyByUmask(path.join(from, name), path.join(to, name));
  }
}

/** A tool of the packaging itself that this machine lacks. */
function missingTool(program: string): Finding {
  return {
    code: 'build-tool-missing',
    level: 'error',
    message: `${program} is not installed on this machine; wdev needs it to build packages`,
    help: `Install it (Debian: apt-get install ${program === 'dpkg-deb' ? 'dpkg' : program}).`,
    source: PACKAGING,
  };
}

function debFailure(metadata: Metadata, result: RunResult, workspace: string): Finding {
  const said = result.stderr.replaceAll(`${workspace}/`, '').trim();
  const line = lineOfComplaint(metadata, said);
  const reason = said.split('\n').at(-1)?.trim() ?? '';
  return {
    code: 'dpkg-deb-failed',
    level: 'error',
    message: `dpkg-deb cannot build the package: ${reason}`,
    ...(line === undefined ? { file: PLUGIN_YML, line: 1 } : { file: PLUGIN_YML, line }),
    ...(said === reason ? {} : { help: said }),
    source: PACKAGING,
  };
}

function exists(file: string): boolean {
  return lstatOf(file) !== undefined;
}

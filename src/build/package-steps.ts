import { rulesOf } from '../stage/listing.ts';
import { chmod, lstat, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../support/finding.ts';
import { run, type RunResult } from '../support/run.ts';
import type { SourceListing } from '../stage/listing.ts';
import { serverPath } from '../stage/server-environment.ts';
import { installedHome } from '../stage/stage.ts';
import { explainRules } from '../stage/step-failure.ts';
import type { RulesStep } from '../stage/trace.ts';
import type { Workspace } from '../stage/workspace.ts';
import { controlFile, lineOfComplaint } from './control.ts';
import { maintainerScripts } from './maintainer-scripts.ts';
import { PLUGIN_YML, type Metadata } from './metadata.ts';
import { rulesLine } from '../plugin/rules-text.ts';

/** The command that lets `rules package` set owners. */
export const FAKEROOT = ['fakeroot'] as const;

const PACKAGING = 'wazo-plugind, packaging step';

export type StepsResult =
  | { readonly ok: true; readonly deb: string; readonly stderr: string }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** What the steps of one package work on. */
export interface PackageJob {
  readonly workspace: Workspace;
  readonly sources: SourceListing;
  readonly metadata: Metadata;
  /** Seconds since 1970: no file of the package is newer. */
  readonly time: number;
  /** Begins every command; for tools of another Debian. Empty for those of this machine. */
  readonly prefix: readonly string[];
}

/**
 * wazo-plugind's building and packaging steps in a clean copy, with its quirks: it fails when `_pkg` or the
 * folders that it makes itself are there. Source: wazo-plugind, building and packaging steps.
 */
export async function runPackageSteps(job: PackageJob): Promise<StepsResult> {
  const { workspace, metadata } = job;
  const build = await runRules(job, 'build');
  if (build.status !== 0) return await failed(job, 'build', build);
  const made = await mkdir(workspace.pkgdir).catch(() => false);
  if (made === false) return refuse(pkgIsThere(job.sources));
  const packaged = await runRules(job, 'package');
  if (isMissing(packaged)) return refuse(missingTool('fakeroot'));
  if (packaged.status !== 0) return await failed(job, 'package', packaged);
  const blocked = await addOwnFiles(job);
  if (blocked !== undefined) return refuse(blocked);
  const deb = path.join(workspace.source, '_pkg.deb');
  const result = await run(inPrefix(job, ['dpkg-deb', '--build', workspace.pkgdir, deb]), {
    cwd: workspace.source,
    env: { PATH: serverPath(), SOURCE_DATE_EPOCH: String(job.time) },
  });
  if (isMissing(result)) return refuse(missingTool('dpkg-deb'));
  if (result.status !== 0) return refuse(debFailure(metadata, result, workspace.source));
  return { ok: true, deb, stderr: build.stderr + packaged.stderr };
}

/** The program itself could not be started. */
function isMissing({ status, stderr }: RunResult): boolean {
  return status === 127 && /\bENOENT\b/.test(stderr);
}

function refuse(finding: Finding): StepsResult {
  return { ok: false, findings: [finding] };
}

function inPrefix({ prefix }: PackageJob, command: readonly string[]): [string, ...string[]] {
  return [...prefix, ...command] as unknown as [string, ...string[]];
}

async function runRules(job: PackageJob, step: RulesStep): Promise<RunResult> {
  const { source, pkgdir } = job.workspace;
  const command = [...(step === 'package' ? FAKEROOT : []), path.join(source, 'wazo/rules'), step];
  // an activated virtualenv is the author's, not the server's
  const env = {
    PATH: serverPath(),
    pkgdir: step === 'package' ? pkgdir : undefined,
    PYTHONPATH: undefined,
    PYTHONHOME: undefined,
    PYTHONDONTWRITEBYTECODE: undefined,
    VIRTUAL_ENV: undefined,
  };
  return await run(inPrefix(job, command), { cwd: source, env });
}

async function failed(job: PackageJob, step: RulesStep, result: RunResult): Promise<StepsResult> {
  const { sources, workspace } = job;
  // the trace runs with this machine's tools, so it says nothing about another Debian's
  const wrapper = job.prefix.length > 0 ? undefined : FAKEROOT;
  return refuse(await explainRules(step, result, sources, workspace.source, wrapper));
}

function pkgIsThere(sources: SourceListing): Finding {
  const file = [...sources.keys()].find((name) => name.startsWith('_pkg/')) ?? '_pkg';
  const line = rulesLine(rulesOf(sources), /_pkg/);
  return {
    code: 'pkg-folder-exists',
    level: 'error',
    message:
      'There is a folder _pkg before packaging: wazo-plugind makes it itself and fails when it is there.',
    ...(sources.has(file) || line === undefined ? { file, line: 1 } : { file: 'wazo/rules', line }),
    help: sources.has(file)
      ? 'git rm -r _pkg, and add _pkg/ to .gitignore.'
      : 'Only `package` may write to it, as $pkgdir.',
    source: PACKAGING,
  };
}

/** The plugin's `wazo` folder and the control files; a finding when `rules` was there first. */
async function addOwnFiles({ workspace, sources, metadata }: PackageJob): Promise<Finding | undefined> {
  const { source, pkgdir } = workspace;
  const home = path.join(pkgdir, installedHome(metadata));
  if (await exists(home)) return inTheWay(sources, installedHome(metadata).slice(1), /wazo-plugind\/plugins/);
  await mkdir(home, { recursive: true });
  // cp, not our own copy: modes then follow the umask as they do on the server
  await run(['cp', '-R', path.join(source, 'wazo'), home], { cwd: source });
  const control = path.join(pkgdir, 'DEBIAN');
  if (await exists(control)) return inTheWay(sources, 'DEBIAN', /DEBIAN/);
  await mkdir(control);
  await writeFile(path.join(control, 'control'), controlFile(metadata));
  for (const [name, text] of maintainerScripts(metadata)) {
    await writeFile(path.join(control, name), text);
    await chmod(path.join(control, name), 0o755);
  }
  return undefined;
}

function inTheWay(sources: SourceListing, folder: string, pattern: RegExp): Finding {
  return {
    code: 'package-folder-exists',
    level: 'error',
    message: `rules package made ${folder} in $pkgdir: wazo-plugind makes it itself and fails when it is there.`,
    file: 'wazo/rules',
    line:
      rulesLine(rulesOf(sources), pattern) ?? rulesLine(rulesOf(sources), /^\s*\(?["']?package["']?\)/) ?? 1,
    source: PACKAGING,
  };
}

/** A tool of the packaging itself that this machine lacks. */
function missingTool(program: string): Finding {
  return {
    code: 'build-tool-missing',
    level: 'error',
    message: `${program} is not installed on this machine; wazo-plugind makes packages with it.`,
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
    message: `dpkg-deb --build ended with exit status ${result.status}: ${reason}`,
    ...(line === undefined ? { file: PLUGIN_YML, line: 1 } : { file: PLUGIN_YML, line }),
    ...(said === reason ? {} : { help: said }),
    source: PACKAGING,
  };
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}

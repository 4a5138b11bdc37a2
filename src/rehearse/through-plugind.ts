/** A plugin's life through the wazo-plugind of a stack, asked, followed and proven as by `wdev deploy`. */

import { install, remove } from '../deploy/deploy.ts';
import type { DeployEvent } from '../deploy/events.ts';
import { serverOn } from '../deploy/far-end.ts';
import type { StepDone } from '../deploy/progress.ts';
import type { Finding } from '../findings/finding.ts';
import { readPlugin } from '../kinds/discover.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { BuiltPackage } from '../package/build.ts';
import { sourcesWith, versionTexts } from '../package/version-edits.ts';
import { openWorkspace } from '../stage/workspace.ts';
import { findWhy, type JudgedLink, type Why } from '../status/why.ts';
import { UserError } from '../support/errors.ts';
import { openTarget } from '../targets/open.ts';
import type { Target } from '../targets/target.ts';
import { HERE, type Machine } from './machine.ts';
import { raised } from './packages.ts';
import { leftBehind } from './removal.ts';

/** One thing that was asked of wazo-plugind, and its result. */
export interface PlugindPhase {
  readonly phase: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly steps: readonly StepDone[];
  readonly evidence: readonly JudgedLink[];
  readonly findings: readonly Finding[];
}

const UNIT = 'wazo-plugind';

interface PlugindOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  readonly report: (phase: PlugindPhase) => void;
}

interface Version {
  readonly version: string;
  readonly ref: string;
  readonly plugin: Plugin;
}

/**
 * Installs a plugin, upgrades it to a higher version of the same files, and removes it, from a repository in the
 * machine. Ends at the first that fails.
 * @returns whether all went well, as far as it was tried
 * @throws UserError as PlugindServer, and `repository-failed`
 */
export async function rehearsePlugind(
  machine: Machine,
  built: BuiltPackage,
  { signal, onProgress, report }: PlugindOptions,
): Promise<boolean> {
  const { metadata } = built;
  const next = raised(built.version);
  const texts = await versionTexts(built.plugin.dir, built.sources, built.version, next);
  const later = sourcesWith(built.sources, texts);
  const folders = [await openWorkspace(built.sources), await openWorkspace(later)];
  const target = await openTarget(`stack:${machine.stack.name}`, { asItIs: true });
  try {
    const versions = folders.map(({ source }, at): Version => ({
      plugin: readPlugin(source) ?? built.plugin,
      version: at === 0 ? built.version : next,
      ref: `rehearsed-${at + 1}`,
    }));
    await commit(machine, versions);
    const server = serverOn(target, undefined);
    const name = { namespace: metadata.namespace, name: metadata.name, package: built.name };
    const before = machine.snapshot();
    for (const [at, one] of versions.entries()) {
      if (signal.aborted) return true;
      const phase = `${at === 0 ? 'install' : 'upgrade'} by ${UNIT}`;
      const done = await heard(phase, onProgress, async (emit) => {
        const { plugin, version, ref } = one;
        const body = { method: 'git', options: { url: `file://${REPOSITORY}`, ref } } as const;
        const job = { plugin, name, version, body, reinstall: false, before: versions[at - 1]?.version };
        return await install(server, job, { emit, evidence: evidenceOn(target) });
      });
      report(done);
      if (!done.ok) return false;
    }
    if (signal.aborted) return true;
    const done = await heard(`removal by ${UNIT}`, onProgress, async (emit) =>
      remove(server, built.plugin, name, next, { emit }),
    );
    const left = done.ok ? leftBehind(built, 'removal', [before, machine.snapshot()]) : [];
    const ok = done.ok && left.length === 0;
    report({ ...done, ok, findings: [...done.findings, ...left] });
    return ok;
  } finally {
    await target.close();
    for (const folder of folders) folder.remove();
  }
}

/** As `wdev why` looks, on the target that is open. */
function evidenceOn(target: Target): (plugin: Plugin) => Promise<Why> {
  const open = { ...target, close: async () => await Promise.resolve() };
  return async ({ dir }) => await findWhy(dir, target.id, async () => await Promise.resolve(open));
}

async function heard(
  phase: string,
  onProgress: (text: string) => void,
  work: (emit: (event: DeployEvent) => void) => Promise<boolean>,
): Promise<PlugindPhase> {
  const started = performance.now();
  const steps: StepDone[] = [];
  const findings: Finding[] = [];
  let evidence: readonly JudgedLink[] = [];
  const ok = await work((event) => {
    if (event.event === 'begun') onProgress(`${phase}: ${event.step}`);
    // once a step is over, its name would stand beside what comes after the job
    if (event.event === 'step') {
      onProgress(phase);
      steps.push({ step: event.step, ok: event.ok, ms: event.ms });
    }
    if (event.event === 'evidence') evidence = event.links;
    if (event.event === 'failed') findings.push(...event.findings);
  });
  onProgress('');
  return { phase, ok, ms: performance.now() - started, steps, evidence, findings };
}

const SOURCE = `${HERE}/source`;
const REPOSITORY = `${HERE}/plugin.git`;

/** Makes a repository in the machine with a commit and a tag for each folder. Its owner is who clones it. */
async function commit(machine: Machine, versions: readonly Version[]): Promise<void> {
  const git = `git -C ${SOURCE} -c user.name=wdev -c user.email=wdev@localhost -c core.hooksPath=/dev/null`;
  for (const { plugin, ref } of versions) {
    machine.putFolder(plugin.dir, SOURCE);
    const { status, stdout } = await machine.sh(`set -e
chown -R root:root ${SOURCE}
[ -e ${HERE}/git ] || git init -q -b main ${HERE}/git
mv ${HERE}/git/.git ${SOURCE}/.git
${git} add --all --force
${git} commit -q --allow-empty -m ${ref}
${git} tag ${ref}
mv ${SOURCE}/.git ${HERE}/git/.git
rm -rf ${SOURCE}`);
    if (status !== 0) throw failed(stdout);
  }
  const { status, stdout } = await machine.sh(
    `git clone -q --bare ${HERE}/git ${REPOSITORY} && chown -R ${UNIT}: ${REPOSITORY}`,
  );
  if (status !== 0) throw failed(stdout);
}

function failed(output: string): UserError {
  return new UserError('repository-failed', `git made no repository in the stack: ${output.trim()}`);
}

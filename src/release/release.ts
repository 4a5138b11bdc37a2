/** A release: proven first, then written, committed and tagged. */

import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judgePlugins } from '../check/check.ts';
import { editFiles } from '../edits/edit-files.ts';
import { undoLast } from '../edits/undo.ts';
import { isError, type Finding } from '../findings/finding.ts';
import { hashFile } from '../git/large-files.ts';
import { commitRelease } from '../git/release-commit.ts';
import { pushTo, type Upstream } from '../git/remote.ts';
import { typedGit } from '../git/typed.ts';
import { buildPackage } from '../package/build.ts';
import { runOwnTests } from '../own-tests/run.ts';
import { gather } from '../package/gather.ts';
import { readShellComplaints } from '../readers/shell/shellcheck.ts';
import { rehearse } from '../rehearse/rehearse.ts';
import { askMake } from '../stage/ask-make.ts';
import { installCommand, lacking } from '../stacks/requirements.ts';
import { UserError } from '../support/errors.ts';
import { quoteAll } from '../support/quote.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { ReleaseEvent, ReleaseStep } from './events.ts';
import { plannedPlugin, type ReleasePlan } from './plan.ts';
import { during } from '../support/doing.ts';

export interface ReleaseOptions {
  readonly rehearse: boolean;
  readonly emit: (event: ReleaseEvent) => void;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

interface StepResult {
  /** Undefined: not done. */
  readonly ok?: boolean;
  readonly note: string;
  readonly output?: string;
  readonly findings?: readonly Finding[];
}

/**
 * Proves what a plan would make: check with its warnings, the plugin's tests, the package, and a rehearsal where this
 * machine can have a stack. Writes nothing in the plugin.
 * @returns whether all that was done went well
 */
export async function proveRelease(plan: ReleasePlan, options: ReleaseOptions): Promise<boolean> {
  const steps: readonly (readonly [ReleaseStep, () => Promise<StepResult>])[] = [
    ['check', async () => await checked(plan)],
    ['tests', async () => await tested(plan)],
    ['package', async () => await packaged(plan)],
    ['rehearsal', async () => await rehearsed(plan, options)],
  ];
  for (const [step, work] of steps) {
    if (options.signal.aborted) return false;
    if (!(await told(plan, step, work, options))) return false;
  }
  return !options.signal.aborted;
}

/** Steps as they are told while they last. */
const DOING: Readonly<Partial<Record<ReleaseStep, string>>> = {
  check: 'checking',
  tests: 'running the tests',
  package: 'building the package',
};

async function told(
  plan: ReleasePlan,
  step: ReleaseStep,
  work: () => Promise<StepResult>,
  { emit }: ReleaseOptions,
): Promise<boolean> {
  const started = performance.now();
  const doing = DOING[step];
  const { ok, note, output, findings = [] } = doing === undefined ? await work() : await during(doing, work);
  const ms = Math.round(performance.now() - started);
  emit({
    event: 'step',
    do: step,
    ...(ok === undefined ? {} : { ok, ms }),
    note,
    ...(output === undefined ? {} : { output }),
  });
  for (const finding of findings) emit({ event: 'finding', plugin: plan.plugin.id, ...finding });
  return ok !== false;
}

async function checked(plan: ReleasePlan): Promise<StepResult> {
  const plugin = plannedPlugin(plan);
  const shellcheck = await readShellComplaints([plugin]);
  const [judged] = await judgePlugins([plugin], { shellcheck, made: await askMake([plugin]) });
  const all = (judged?.judgements ?? []).map(({ finding }) => finding);
  const findings = all.filter(({ level }) => level !== 'info');
  return {
    ok: findings.length === 0,
    note: counted(findings.length, 'error or warning', 'errors or warnings'),
    findings,
  };
}

async function tested({ sources }: ReleasePlan): Promise<StepResult> {
  const result = await runOwnTests(sources);
  if (result.is === 'none') return { note: 'the plugin has none in tests/' };
  if (result.is === 'no-pytest')
    return { ok: false, note: `pytest is missing: ${installCommand(['python3-pytest'])}` };
  if (result.is === 'interrupted') return { ok: false, note: 'interrupted' };
  const { ok, summary, output } = result;
  return ok ? { ok, note: summary } : { ok, note: summary, output };
}

async function packaged(plan: ReleasePlan): Promise<StepResult> {
  const out = temporaryFolder('release');
  try {
    const gathered = { ...(await gather(plan.plugin.dir)), sources: plan.sources };
    const result = await buildPackage(plan.plugin, out, { gathered });
    const findings = result.findings.filter(({ level }) => level !== 'info');
    if (!result.ok) return { ok: false, note: 'no package', findings };
    const files = result.built.files.filter(({ folder }) => folder !== true).length;
    return { ok: !findings.some(isError), note: counted(files, 'file'), findings };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function rehearsed(plan: ReleasePlan, options: ReleaseOptions): Promise<StepResult> {
  if (!options.rehearse) return { note: '--no-rehearse' };
  const lacks = await lacking('real');
  if (lacks.length > 0)
    return { note: `this machine can have no real stack: ${lacks.map(({ what }) => what).join(', ')}` };
  const findings: Finding[] = [];
  let phases: readonly string[] = [];
  const ok = await during('rehearsing', async () =>
    rehearse([plan.plugin], {
      faults: false,
      gathered: { ...(await gather(plan.plugin.dir)), sources: plan.sources },
      onProgress: options.onProgress,
      signal: options.signal,
      emit: (event) => {
        if (event.event === 'verified') phases = event.loaded;
        if (event.event === 'failed') findings.push(...event.findings);
      },
    }),
  );
  return { ok, note: ok ? phases.join(', ') : 'failed', findings };
}

/** The result of a release. */
export type Released = Extract<ReleaseEvent, { event: 'released' }>;

/**
 * Writes, commits and tags what was proven, makes the package of that commit with its checksum beside it, and pushes
 * if that is wanted.
 * @throws UserError as editFiles, `commit-failed`: nothing is changed then; `package-failed` and `push-refused`: commit
 *   and tag stand
 */
export async function carryOut(
  plan: ReleasePlan,
  { out, push }: { readonly out: string; readonly push: boolean },
  { emit }: ReleaseOptions,
): Promise<Released> {
  const { plugin, facts, version, edits, upstream } = plan;
  const { repository, branch, head } = facts;
  const mark = { tag: version, branch, parent: head };
  await editFiles(plugin.dir, edits, `release ${version}`, mark);
  const files = edits.map((edit) => path.relative(repository.root, path.join(plugin.dir, edit.path)));
  let commit: string;
  try {
    commit = await commitRelease(repository, files, mark);
  } catch (error) {
    await undoLast(plugin.dir);
    throw error;
  }
  emit({ event: 'step', do: 'commit', ok: true, note: commit.slice(0, 12) });
  emit({ event: 'step', do: 'tag', ok: true, note: version });
  // of the commit, so that whoever builds the tag has the same bytes
  const result = await buildPackage(plugin, out);
  if (!result.ok)
    throw new UserError('package-failed', `the commit of ${version} gives no package`, {
      help: 'wdev build says why; wdev release --undo rolls back commit and tag.',
    });
  const { deb } = result.built;
  const { hash } = hashFile(deb);
  await writeFile(`${deb}.sha256`, `${hash}  ${path.basename(deb)}\n`);
  if (push && upstream !== undefined) {
    const refs = [`refs/heads/${branch}:refs/heads/${upstream.branch}`, `refs/tags/${version}`];
    await pushTo(repository, upstream.remote, refs);
    emit({ event: 'step', do: 'push', ok: true, note: upstream.remote.name });
  }
  const released = { event: 'released', plugin: plugin.id, version, commit, tag: version } as const;
  return {
    ...released,
    deb,
    sha256: hash,
    pushed: push,
    ...pushCommand(typedGit(repository.root), branch, version, upstream),
  };
}

function pushCommand(
  git: string,
  branch: string,
  tag: string,
  upstream: Upstream | undefined,
): { readonly push?: string } {
  if (upstream === undefined) return {};
  const refs = branch === upstream.branch ? branch : `${branch}:${upstream.branch}`;
  return { push: `${git} push --atomic ${quoteAll([upstream.remote.name, refs, tag])}` };
}

function counted(count: number, word: string, words = `${word}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? word : words}`;
}

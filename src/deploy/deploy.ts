/** Brings a version to a server through its wazo-plugind, follows it, and looks at what came of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../findings/finding.ts';
import type { Plugin } from '../kinds/plugin.ts';
import type { Why } from '../status/why.ts';
import { EXIT, UserError } from '../support/errors.ts';
import { diagnose } from './diagnose.ts';
import type { DeployEvent } from './events.ts';
import { Progress, type PlugindEvent, type Verdict } from './progress.ts';
import type { Followed, InstallBody, PluginName, PlugindServer } from './server.ts';

export interface DeployOptions {
  readonly emit: (event: DeployEvent) => void;
  /** Looks whether the server uses what the plugin's folder has; undefined where it cannot be looked at. */
  readonly evidence?: (plugin: Plugin) => Promise<Why>;
  /** Milliseconds: between two looks, for a version to come where the steps cannot be seen, for services to settle. */
  readonly waits?: { readonly again: number; readonly unseen: number; readonly settle: number };
}

const WAITS = { again: 2000, unseen: 300_000, settle: 6000 };

/** How often evidence is asked for while services start, and the links that wait for one. */
const LOOKS = 10;
const STARTING: ReadonlySet<string> = new Set(['process', 'loaded']);

export interface Installation {
  /** In a folder with the commit that goes. */
  readonly plugin: Plugin;
  readonly name: PluginName;
  readonly version: string;
  readonly body: InstallBody;
  readonly reinstall: boolean;
  /** The version that is there now. */
  readonly before: string | undefined;
}

/**
 * Installs, and proves it.
 * @returns whether it is there and nothing speaks against it
 * @throws UserError as PlugindServer, and `plugind-lost` (exit 3) when it ended in the middle
 */
export async function install(
  server: PlugindServer,
  job: Installation,
  options: DeployOptions,
): Promise<boolean> {
  const started = performance.now();
  const { plugin, name, version } = job;
  const end = (step: string, findings: readonly Finding[]): boolean => {
    for (const finding of findings) options.emit({ event: 'finding', plugin: plugin.id, ...finding });
    options.emit({ event: 'failed', plugin: plugin.id, step, ms: since(started), findings });
    return false;
  };
  const { verdict, progress, followed } = await follow(options, async (onEvent) =>
    server.install(name, job.body, job.reinstall, onEvent),
  );
  const failure = {
    dependencies: progress.dependencies,
    plugin,
    name,
    clone: cloneOf(job.body),
  };
  if (verdict?.is === 'failed')
    return end(
      verdict.step,
      await diagnose({ ...failure, step: verdict.step, error: verdict.error }, server),
    );
  if (followed.is === 'unseen') {
    const come = await awaitVersion(server, job, options);
    if (come === 'unknowable') options.emit({ event: 'unseen', reason: SAME_VERSION });
    if (come === 'missing') return end('unknown', [await notSeen(job, server, options, failure)]);
  }
  const readBack = await server.look(name, false);
  if (readBack.installed?.version !== version || badState(readBack.package?.state))
    return end('installing', [notThere(job, readBack.installed?.version, readBack.package?.state)]);
  const why = await proof(plugin, options);
  if (why?.broken != null) return end('evidence', [brokenLink(why)]);
  options.emit({
    event: 'deployed',
    plugin: plugin.id,
    version,
    ms: since(started),
    proven: why !== undefined,
  });
  return true;
}

/**
 * Removes, and looks whether it is gone.
 * @throws UserError as install
 */
export async function remove(
  server: PlugindServer,
  plugin: Plugin,
  name: PluginName,
  version: string,
  options: DeployOptions,
): Promise<boolean> {
  const started = performance.now();
  const { verdict } = await follow(options, async (onEvent) => server.remove(name, onEvent));
  const { again, unseen } = options.waits ?? WAITS;
  let left = await server.look(name, false);
  if (verdict === undefined)
    for (const until = performance.now() + unseen; left.installed !== null && performance.now() < until;) {
      await sleep(again);
      left = await server.look(name, false);
    }
  const isGone =
    left.installed === null && !['installed', 'half-configured'].includes(left.package?.state ?? '');
  if (verdict?.is !== 'failed' && isGone) {
    options.emit({
      event: 'removed',
      plugin: plugin.id,
      version,
      ms: since(started),
      proven: left.package !== undefined,
    });
    return true;
  }
  const error = verdict?.is === 'failed' ? verdict.error : {};
  const step = verdict?.is === 'failed' ? verdict.step : 'removing';
  const failure = { step, error, dependencies: [], plugin, name, clone: undefined };
  const findings = await diagnose(failure, server);
  for (const finding of findings) options.emit({ event: 'finding', plugin: plugin.id, ...finding });
  options.emit({ event: 'failed', plugin: plugin.id, step, ms: since(started), findings });
  return false;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

function cloneOf({ method, options: { url, ref } }: InstallBody): readonly [string, string] | undefined {
  return method === 'git' && url !== undefined && ref !== undefined ? [url, ref] : undefined;
}

interface FollowedJob {
  /** Undefined when its end was not seen. */
  readonly verdict: Verdict | undefined;
  readonly progress: Progress;
  readonly followed: Followed;
}

async function follow(
  { emit }: DeployOptions,
  begin: (onEvent: (event: PlugindEvent) => void) => Promise<Followed>,
): Promise<FollowedJob> {
  const progress = new Progress(performance.now());
  const followed = await begin((event) => {
    const done = progress.take(event, performance.now());
    if (done !== undefined) emit({ event: 'step', ...done });
    if (event.own && progress.current !== undefined) emit({ event: 'begun', step: progress.current });
  });
  if (followed.is === 'lost')
    throw new UserError('plugind-lost', `${followed.why} (while ${progress.current ?? 'it began'})`, {
      help: 'The job ended with it, or still runs: run wdev deploy again to see what is installed.',
      exit: EXIT.unreachable,
    });
  if (followed.is === 'unseen') emit({ event: 'unseen', reason: followed.why });
  return { verdict: progress.verdict, progress, followed };
}

const SAME_VERSION =
  'the same version was installed before, so this does not show whether it was installed again';

async function awaitVersion(
  server: PlugindServer,
  { name, version, before }: Installation,
  { waits = WAITS }: DeployOptions,
): Promise<'come' | 'missing' | 'unknowable'> {
  if (before === version) return 'unknowable';
  for (const until = performance.now() + waits.unseen; performance.now() < until;) {
    if ((await server.look(name, false)).installed?.version === version) return 'come';
    await sleep(waits.again);
  }
  return 'missing';
}

async function notSeen(
  { version }: Installation,
  server: PlugindServer,
  { waits = WAITS }: DeployOptions,
  failure: Omit<Parameters<typeof diagnose>[0], 'step' | 'error'>,
): Promise<Finding> {
  // what fails here too is the likely reason
  const [own] = await diagnose({ ...failure, step: 'building', error: {} }, server);
  const isOurs = own?.file !== undefined;
  const help = 'To see the steps on the server: wdev deploy --target ssh://HOST';
  return {
    ...(isOurs ? own : { level: 'error' }),
    code: 'deploy-not-seen',
    level: 'error',
    message: `Version ${version} was not installed within ${Math.round(waits.unseen / 1000)} s${isOurs ? `. It does not build on this machine either: ${own.message}` : ''}`,
    help: isOurs ? `${own.help ?? ''}\n${help}`.trim() : help,
  };
}

function badState(state: string | undefined): boolean {
  return state !== undefined && state !== 'installed';
}

function notThere(
  { version, body }: Installation,
  found: string | undefined,
  state: string | undefined,
): Finding {
  const there = found === undefined ? 'nothing is installed' : `${found} is installed`;
  const dpkg = badState(state) ? ` (dpkg: ${state})` : '';
  const keeps = 'The market keeps an installed version unless its entry is upgradable.';
  return {
    code: 'deploy-step-failed',
    level: 'error',
    message: `wazo-plugind finished, but ${there}${dpkg}, not ${version}`,
    help: `See /var/log/wazo-plugind.log on the server, or install it again: --reinstall.${body.method === 'market' ? ` ${keeps}` : ''}`,
    source: 'wazo-plugind, API',
  };
}

/** Asks until it holds, while services start, and once more when they have settled. */
async function proof(
  plugin: Plugin,
  { evidence, emit, waits = WAITS }: DeployOptions,
): Promise<Why | undefined> {
  if (evidence === undefined) return undefined;
  let why = await evidence(plugin);
  for (let look = 1; STARTING.has(why.broken ?? '') && look < LOOKS; look += 1) {
    await sleep(waits.again);
    why = await evidence(plugin);
  }
  const restarts = why.links.some(
    ({ name, state, says }) => name === 'process' && state === 'ok' && says.includes('wazo-'),
  );
  if (why.broken === null && restarts) {
    await sleep(waits.settle);
    why = await evidence(plugin);
  }
  emit({ event: 'evidence', links: why.links });
  return why;
}

function brokenLink(why: Why): Finding {
  const link = why.links.find(({ state }) => state === 'broken');
  return {
    code: 'deploy-not-in-use',
    level: 'error',
    message: `Installed, but not in use: ${link?.says ?? why.broken ?? ''}`,
    ...(link?.file === undefined ? {} : { file: link.file }),
    ...(link?.line === undefined ? {} : { line: link.line }),
    ...(link?.help === undefined ? {} : { help: link.help }),
    source: 'wdev, evidence on a target',
  };
}

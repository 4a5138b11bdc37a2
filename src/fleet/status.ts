/** The versions that every server of a fleet has, and what differs from those that are wanted. */

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { readText } from '../support/read-file.ts';
import { runLines } from '../support/run-lines.ts';
import { isMapOf, isText, parsedJson } from '../support/shape.ts';
import { readServerStanding, type ServerStanding, type Standing } from '../status/standing.ts';
import { judgeUpgrade, type Upgrade, type UpgradeVerdict } from '../status/upgrade.ts';
import type { Wanted } from './version.ts';
import { during } from '../support/doing.ts';

export interface ServerStatus {
  readonly host: string;
  /** Undefined where the server did not answer. */
  readonly plugins: readonly Standing[] | undefined;
  readonly wazo: string | undefined;
  readonly debian: string | undefined;
  /** The differences from what is wanted, or from the other servers, each a sentence. */
  readonly drift: readonly string[];
  /** The fate of each plugin in the upgrade that was asked about. */
  readonly upgrade?: readonly UpgradeVerdict[];
}

/** Package → version that all servers are to have: that of the last roll-out that went well. */
export type Aims = Readonly<Record<string, string>>;

const AIMS = 'wanted.json';

const isAims = isMapOf(isText);

/** @throws UserError `damaged-record` */
export function readAims(dir: string): Aims {
  const file = path.join(dir, AIMS);
  if (!existsSync(file)) return {};
  const aims = parsedJson(readText(file));
  if (isAims(aims)) return aims;
  throw new UserError('damaged-record', `${file} does not hold the versions of the last roll-out`, {
    help: 'Restore it from git, or write {"PACKAGE": "VERSION"} into it.',
  });
}

/** Writes down what all servers have now. */
export function keepAim(dir: string, { package: name, version }: Wanted): void {
  const all = { ...readAims(dir), [name]: version };
  writeFileSync(path.join(dir, AIMS), `${JSON.stringify(all, null, 2)}\n`);
}

/**
 * Asks all servers; with an upgrade, for the files of their plugins too.
 * @throws UserError `status-failed` where Ansible could not begin
 */
export async function fleetStatus(
  dir: string,
  servers: readonly string[],
  signal: AbortSignal,
  upgrade?: Upgrade,
): Promise<readonly ServerStatus[]> {
  const answers = path.join(dir, 'runs/status');
  rmSync(answers, { recursive: true, force: true });
  const words = upgrade === undefined ? [] : ['-e', '{"wazo_plugin_texts": true}'];
  const { status, tail } = await during(
    `asking ${servers.length} servers`,
    async () =>
      await runLines(['ansible-playbook', 'status.yml', ...words], () => false, signal, { cwd: dir }),
  );
  const rows = existsSync(answers) ? readdirSync(answers) : [];
  if (status !== 0 && rows.length === 0 && !tail.some((line) => line.includes('UNREACHABLE')))
    throw new UserError('status-failed', `Ansible ended with ${status}: ${tail.slice(-10).join('\n')}`, {
      help: `In ${dir}: ansible-playbook status.yml`,
    });
  const read = new Map(servers.map((host) => [host, answerIn(path.join(answers, `${host}.json`))]));
  const drifted = withDrift(
    servers.map((host) => statusOf(host, read.get(host))),
    readAims(dir),
  );
  if (upgrade === undefined) return drifted;
  // the files of plugins may hold passwords
  rmSync(answers, { recursive: true, force: true });
  // servers that have the same are judged once
  const judged = new Map<string, readonly UpgradeVerdict[]>();
  for (const answer of read.values()) {
    const key = JSON.stringify(answer);
    if (answer !== undefined && !judged.has(key)) judged.set(key, await judgeUpgrade(answer, upgrade));
  }
  return drifted.map((server) => {
    const verdicts = judged.get(JSON.stringify(read.get(server.host)));
    return verdicts === undefined ? server : { ...server, upgrade: verdicts };
  });
}

/** The answer of a server, of standing.py; undefined where there is none, or another. */
function answerIn(file: string): ServerStanding | undefined {
  return existsSync(file) ? readServerStanding(readText(file)) : undefined;
}

/** A server without what is only read to be judged. */
export function statusOf(host: string, answer: ServerStanding | undefined): Omit<ServerStatus, 'drift'> {
  const { plugins, wazo, debian } = answer ?? {};
  return {
    host,
    plugins: plugins?.map(({ files: _files, unread: _unread, ...plugin }) => plugin),
    wazo: wazo ?? undefined,
    debian: debian ?? undefined,
  };
}

/** Names the drift of each server. Pure. */
export function withDrift(
  servers: readonly Omit<ServerStatus, 'drift'>[],
  aims: Aims,
): readonly ServerStatus[] {
  const usual = usualVersions(servers);
  const wanted = new Map([...usual, ...Object.entries(aims)]);
  return servers.map((server) => {
    if (server.plugins === undefined) return { ...server, drift: ['it did not answer'] };
    const plugins = server.plugins.filter(({ by }) => by === 'package');
    const versions = new Map(plugins.map((one) => [one.package, one.version]));
    const ours = server.plugins.filter(({ by }) => by === 'wdev');
    const drift = [...wanted].flatMap(([name, version]) => {
      const why = aims[name] === undefined ? `most servers have ${version}` : `${version} was rolled out`;
      const here = versions.get(name);
      if (here === undefined) return [`${name} is missing: ${why}`];
      return here === version ? [] : [`${name} is ${here}: ${why}`];
    });
    const broken = plugins.flatMap(({ package: name, state, changed }) => [
      ...(state === 'installed' ? [] : [`${name} is ${state}`]),
      ...changed.map((file) => `${name}: ${file} is not that of the package`),
    ]);
    const put = ours.map(
      ({ plugin, version }) => `${plugin} ${version} was installed by wdev, not as a package`,
    );
    return { ...server, drift: [...drift, ...broken, ...put] };
  });
}

/** The version of each plugin that more than half of the servers have. */
function usualVersions(servers: readonly Omit<ServerStatus, 'drift'>[]): ReadonlyMap<string, string> {
  const asked = servers.filter(({ plugins }) => plugins !== undefined);
  const counts = new Map<string, number>();
  for (const { plugins = [] } of asked)
    for (const one of plugins.filter(({ by }) => by === 'package')) {
      const key = `${one.package} ${one.version}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const most = [...counts].filter(([, count]) => count * 2 > asked.length).map(([key]) => key.split(' '));
  return new Map(most.map(([name = '', version = '']) => [name, version]));
}

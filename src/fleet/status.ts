/** The versions that every server of a fleet has, and what differs from those that are wanted. */

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { readText } from '../support/read-file.ts';
import { runLines } from '../support/run-lines.ts';
import type { Wanted } from './version.ts';

/** A plugin on a server. */
export interface Standing {
  readonly package: string;
  readonly version: string;
  /** dpkg's word: `installed`, `half-configured` … */
  readonly state: string;
  /** Files that are not as the package has them. */
  readonly changed: readonly string[];
}

export interface ServerStatus {
  readonly host: string;
  /** Undefined where the server did not answer. */
  readonly plugins: readonly Standing[] | undefined;
  readonly wazo: string | undefined;
  readonly debian: string | undefined;
  /** The differences from what is wanted, or from the other servers, each a sentence. */
  readonly drift: readonly string[];
}

/** Package → version that all servers are to have: that of the last roll-out that went well. */
export type Aims = Readonly<Record<string, string>>;

const AIMS = 'wanted.json';

export function readAims(dir: string): Aims {
  const file = path.join(dir, AIMS);
  return existsSync(file) ? (JSON.parse(readText(file)) as Aims) : {};
}

/** Writes down what all servers have now. */
export function keepAim(dir: string, { package: name, version }: Wanted): void {
  const all = { ...readAims(dir), [name]: version };
  writeFileSync(path.join(dir, AIMS), `${JSON.stringify(all, null, 2)}\n`);
}

/** Asks all servers. Throws `status-failed` where Ansible could not begin. */
export async function fleetStatus(
  dir: string,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<readonly ServerStatus[]> {
  const answers = path.join(dir, 'runs/status');
  rmSync(answers, { recursive: true, force: true });
  const { status, tail } = await runLines(['ansible-playbook', 'status.yml'], () => false, signal, dir);
  const rows = existsSync(answers) ? readdirSync(answers) : [];
  if (status !== 0 && rows.length === 0 && !tail.some((line) => line.includes('UNREACHABLE')))
    throw new UserError('status-failed', `Ansible ended with ${status}: ${tail.slice(-10).join('\n')}`, {
      help: `In ${dir}: ansible-playbook status.yml`,
    });
  const read = servers.map((host) => {
    const file = path.join(answers, `${host}.json`);
    if (!existsSync(file)) return { host, ...NO_ANSWER };
    const said = JSON.parse(readText(file)) as { readonly rows: readonly string[] };
    return { host, ...readRows(said.rows) };
  });
  return withDrift(read, readAims(dir));
}

type Answer = Omit<ServerStatus, 'host' | 'drift'>;

const NO_ANSWER: Answer = { plugins: undefined, wazo: undefined, debian: undefined };

/** Reads what roles/wazo_plugin/files/inventory.sh printed. */
export function readRows(rows: readonly string[]): Answer {
  const plugins: Standing[] = [];
  let wazo: string | undefined;
  let debian: string | undefined;
  for (const row of rows) {
    const [what, ...words] = row.split(' ');
    const [first = '', version = '', state = ''] = words;
    if (what === 'plugin') plugins.push({ package: first, version, state, changed: [] });
    if (what === 'wazo') wazo = words.join(' ');
    if (what === 'debian') debian = words.join(' ');
  }
  const changed = rows.flatMap((row) => {
    const [, name = '', file = ''] = /^changed (\S+): (.*)$/.exec(row) ?? [];
    return name === '' ? [] : [{ name, file }];
  });
  const own = plugins.map((one) => ({
    ...one,
    changed: changed.filter(({ name }) => name === one.package).map(({ file }) => file),
  }));
  return { plugins: own, wazo, debian };
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
    const { plugins } = server;
    const drift = [...wanted].flatMap(([name, version]) => {
      const why = aims[name] === undefined ? `most servers have ${version}` : `${version} was rolled out`;
      const here = plugins.find((one) => one.package === name);
      if (here === undefined) return [`${name} is missing: ${why}`];
      return here.version === version ? [] : [`${name} is ${here.version}: ${why}`];
    });
    const broken = plugins.flatMap(({ package: name, state, changed }) => [
      ...(state === 'installed' ? [] : [`${name} is ${state}`]),
      ...changed.map((file) => `${name}: ${file} is not that of the package`),
    ]);
    return { ...server, drift: [...drift, ...broken] };
  });
}

/** The version of each plugin that more than half of the servers have. */
function usualVersions(servers: readonly Omit<ServerStatus, 'drift'>[]): ReadonlyMap<string, string> {
  const asked = servers.filter(({ plugins }) => plugins !== undefined);
  const counts = new Map<string, number>();
  for (const { plugins = [] } of asked)
    for (const one of plugins) {
      const key = `${one.package} ${one.version}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const most = [...counts].filter(([, count]) => count * 2 > asked.length).map(([key]) => key.split(' '));
  return new Map(most.map(([name = '', version = '']) => [name, version]));
}

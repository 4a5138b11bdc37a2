/** The proxies by which apt of this machine reaches its archives: those of a stack are the same. */

import { rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { run } from '../../support/run.ts';
import { hostMirror } from './mirror.ts';
import { makeFolders } from '../../support/make-folders.ts';

export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are asked without one. */
  readonly direct: readonly string[];
}

/** A proxy of this machine itself, which a stack reaches only while it is made. */
export interface OwnProxy {
  readonly host: string;
  readonly port: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const APT_HELPER = '/usr/lib/apt/apt-helper';

/** Asks apt. */
export async function hostProxies(): Promise<Proxies> {
  const { stdout } = await run(['apt-config', 'dump']);
  const found = readProxies(stdout, process.env);
  if (found.http !== undefined || !/^Acquire::https?::Proxy-Auto-Detect "./m.test(stdout)) return found;
  const { stdout: said } = await run([APT_HELPER, 'auto-detect-proxy', hostMirror()]);
  const http = /^Using proxy '([^']+)'/m.exec(said)?.[1];
  return http === undefined ? found : { https: http, ...found, http };
}

/**
 * Reads the proxies of apt's settings, else those of the environment, as apt does.
 * @param dump the words of `apt-config dump`
 */
export function readProxies(dump: string, env: Environment): Proxies {
  const settings = new Map<string, string>();
  for (const [, name = '', value = ''] of dump.matchAll(/^Acquire::(\S+) "(.*)";$/gm))
    settings.set(name, value);
  const set = (scheme: string): string | undefined => settings.get(`${scheme}::Proxy`) || undefined;
  const http = proxyOf(set('http') ?? env['http_proxy']);
  const https = proxyOf(set('https') ?? env['https_proxy'] ?? set('http'));
  const named = [...settings].flatMap(([name, value]) => {
    const host = /^https?::Proxy::(.+)$/.exec(name)?.[1];
    return host !== undefined && value === 'DIRECT' ? [host] : [];
  });
  const listed = (env['no_proxy'] ?? '').split(',').map((host) => host.trim());
  const direct = [...new Set([...named, ...listed.filter((host) => host !== '')])];
  return { ...(http && { http }), ...(https && { https }), direct };
}

function proxyOf(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === 'DIRECT' || value === 'false' ? undefined : value;
}

/** The environment of a program here that works as apt. */
export function proxyEnv({ http, https, direct }: Proxies): Record<string, string> {
  return {
    ...(http && { http_proxy: http }),
    ...(https && { https_proxy: https }),
    ...(direct.length > 0 && { no_proxy: direct.join(',') }),
  };
}

/**
 * The settings of apt in a stack, and the proxies of this machine that they name: these are reached there at 127.0.0.1,
 * where somebody leads on to them.
 */
export function proxySettings({ http, https, direct }: Proxies): {
  readonly text: string;
  readonly own: readonly OwnProxy[];
} {
  const own = new Map<string, OwnProxy>();
  const lines = Object.entries({ http, https }).flatMap(([scheme, proxy]) => {
    if (proxy === undefined) return [];
    const there = ownProxy(proxy);
    if (there !== undefined) own.set(`${there.host}:${there.port}`, there);
    const hosts = direct.filter((host) => /^[\w.-]*\w$/.test(host) && !host.startsWith('.'));
    return [
      `Acquire::${scheme}::Proxy "${there === undefined ? proxy : atHome(proxy)}";`,
      ...hosts.map((host) => `Acquire::${scheme}::Proxy::${host} "DIRECT";`),
    ];
  });
  return { text: lines.map((line) => `${line}\n`).join(''), own: [...own.values()] };
}

function atHome(proxy: string): string {
  const url = new URL(proxy);
  url.hostname = '127.0.0.1';
  return url.href;
}

/** Where a proxy listens that runs on this machine; undefined for another. */
function ownProxy(proxy: string): OwnProxy | undefined {
  if (!URL.canParse(proxy)) return undefined;
  const { hostname, port, protocol } = new URL(proxy);
  const host = hostname === 'localhost' ? '127.0.0.1' : hostname;
  const addresses = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
  if (!/^127\.|^\[::1\]$/.test(host) && !addresses.includes(host)) return undefined;
  return { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Below the root of a stack. */
export const PROXY_SETTINGS = 'etc/apt/apt.conf.d/91wdev-proxies';

/** Writes the settings of apt in a stack; they may hold a password. */
export function writeProxies(root: string, text: string): void {
  const file = path.join(root, PROXY_SETTINGS);
  rmSync(file, { force: true });
  if (text === '') return;
  makeFolders(path.dirname(file));
  writeFileSync(file, text, { mode: 0o600 });
}

/** Gives a stack that starts the proxies that it reaches: none of this machine itself. */
export async function giveProxies(root: string): Promise<void> {
  const found = await hostProxies();
  const { http, https, direct } = found;
  const reached = (proxy: string | undefined): string | undefined =>
    proxy === undefined || ownProxy(proxy) !== undefined ? undefined : proxy;
  const [far, farSecure] = [reached(http), reached(https)];
  const left = { ...(far && { http: far }), ...(farSecure && { https: farSecure }), direct };
  writeProxies(root, proxySettings(left).text);
}

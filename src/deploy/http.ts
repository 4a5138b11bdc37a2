/** A server with wazo-plugind by HTTP alone: its steps cannot be heard from outside, so only the result is read. */

import { EXIT, UserError, messageOf } from '../support/errors.ts';
import { quote } from '../support/quote.ts';
import { masked } from '../support/secrets.ts';
import { refusal } from './far-end.ts';
import { isInfos, isMarket, isPluginList } from './answers.ts';
import type { Followed, MarketEntry, PluginName, PlugindServer } from './server.ts';

/** Milliseconds that one answer may take. */
const LIMIT = 30_000;

const BLIND =
  'wazo-plugind reports them on the message bus of the server only; --target ssh://HOST shows them';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(method: string, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(LIMIT),
      redirect: 'error',
      ...init,
    });
    return { status: response.status, body: asJson(await textOf(response)) };
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** The most of an answer that is read, in bytes: a market of thousands of plugins has one of them. */
const MOST = 16 * 2 ** 20;

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST) throw new Error(`its answer has more than ${MOST / 2 ** 20} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.slice(0, 300);
  }
}

function unreachable(url: string, error: unknown): UserError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const isOfCertificate = /CERT|SIGNED|ALTNAME/.test(String((cause as { code?: unknown } | null)?.code));
  // the client of Node refuses ports that other protocols use
  const why = messageOf(cause) === 'bad port' ? 'HTTP does not allow this port' : messageOf(cause);
  return new UserError('no-plugind', `cannot reach ${masked(url)}: ${why}`, {
    exit: EXIT.unreachable,
    ...(isOfCertificate
      ? { help: "Name the server's certificate: NODE_EXTRA_CA_CERTS=/path/server.crt wdev deploy …" }
      : { help: `Check the address and the port: curl --insecure ${quote(masked(url))}` }),
  });
}

/**
 * A token of wazo-auth for a user of the server.
 * @throws UserError `no-token`, `no-plugind` (exit 3)
 */
export async function tokenFor(server: string, user: string, password: string): Promise<string> {
  const { status, body } = await ask('POST', `${server}/api/auth/0.1/token`, {
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    },
    body: JSON.stringify({ expiration: 3600 }),
  });
  const token = (body as { data?: { token?: unknown } } | null)?.data?.token;
  if (status === 200 && typeof token === 'string') return token;
  throw new UserError(
    'no-token',
    `wazo-auth at ${server} gives ${user} no token: ${status} ${reasonOf(body)}`,
  );
}

/** The server at an address like `https://pbx`. */
export function serverAt(server: string, token: string): PlugindServer {
  const base = `${server}/api/plugind/0.2`;
  const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
  const demand = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
    const answer = await ask(method, `${base}${path}`, init);
    if (answer.status < 300) return answer.body;
    const refused = [401, 403].includes(answer.status) ? 'not-allowed' : 'refused';
    throw refusal({ refused, message: `wazo-plugind: ${answer.status} ${reasonOf(answer.body)}` });
  };
  const unseen: Followed = { is: 'unseen', why: BLIND };
  return {
    id: server,
    look: async (plugin, market) => {
      const list = await demand('GET', '/plugins');
      if (!isPluginList(list))
        throw new UserError('no-plugind', `what answers at ${masked(base)}/plugins is no wazo-plugind`, {
          help: 'Look at what stands before it: a proxy, a login page.',
          exit: EXIT.unreachable,
        });
      const { items } = list;
      const installed =
        items.find(({ namespace, name }) => namespace === plugin.namespace && name === plugin.name) ?? null;
      const infos = await ask('GET', `${server}/api/confd/1.1/infos`, { headers });
      const wazo = infos.status === 200 && isInfos(infos.body) ? infos.body.wazo_version : null;
      const entry = market ? { market: await marketEntry(base, headers, plugin) } : {};
      return { installed, wazo, ...entry };
    },
    install: async (_plugin, body, reinstall) => {
      await demand('POST', `/plugins${reinstall ? '?reinstall=true' : ''}`, body);
      return unseen;
    },
    remove: async ({ namespace, name }) => {
      await demand('DELETE', `/plugins/${namespace}/${name}`);
      return unseen;
    },
  };
}

async function marketEntry(
  base: string,
  headers: Readonly<Record<string, string>>,
  { namespace, name }: PluginName,
): Promise<MarketEntry> {
  const { status, body } = await ask('GET', `${base}/market/${namespace}/${name}`, { headers });
  if (status === 200 && !isMarket(body)) return { missing: 'it answers no entry of a market' };
  return status === 200 ? (body as MarketEntry) : { missing: `${status} ${reasonOf(body)}` };
}

function reasonOf(body: unknown): string {
  if (typeof body === 'string') return body;
  const { message, reason } = (body ?? {}) as { message?: unknown; reason?: unknown };
  const said = message ?? reason;
  if (typeof said === 'string') return said;
  return Array.isArray(said) ? said.map(String).join(' ') : '';
}

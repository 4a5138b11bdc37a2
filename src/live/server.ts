import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError, usageError } from '../support/errors.ts';
import type { LoopCommand } from '../loop/control.ts';
import { pageDocument } from './document.ts';
import type { Feed } from './feed.ts';
import { pictureOf } from './picture.ts';

/** The keys of watch that the page has too. */
export const PAGE_KEYS: readonly LoopCommand[] = ['reload', 'reinstall', 'pause', 'roll-back', 'logs'];

/** The longest request that is read, in bytes. */
const MOST = 4_096;
/** How often a page hears that the watch is still there, in milliseconds. */
const BEAT = 10_000;

export interface PageServer {
  /** Where the page is, with its token. */
  readonly address: string;
  readonly close: () => void;
}

/**
 * Serves the page on this machine's loopback alone. Its address holds a token, without which nothing is answered; no
 * other site's script can ask for it, whatever name it gives this machine.
 * @param port 0 for any that is free
 * @throws UserError `port-in-use`
 */
export async function servePage(
  feed: Feed,
  port: number,
  send: (command: LoopCommand) => void,
): Promise<PageServer> {
  const token = randomBytes(18).toString('base64url');
  const page = new Page(feed, token, send);
  const server = createServer((request, response) => {
    page.answer(request, response).catch(() => response.destroy());
  });
  // a page that is open must not keep a watch that has ended
  server.unref();
  await listening(server, port);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  page.origin = address;
  return {
    address: `${address}/${token}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(error);
      const why = error.code === 'EACCES' ? 'may not be used by you' : 'is in use';
      reject(
        usageError(`--ui=${port}: the port ${why}`, 'Leave the port out, and any that is free is taken.'),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Answers the requests of the page. */
class Page {
  origin = '';
  readonly #feed: Feed;
  readonly #token: Buffer;
  readonly #send: (command: LoopCommand) => void;

  constructor(feed: Feed, token: string, send: (command: LoopCommand) => void) {
    this.#feed = feed;
    this.#token = Buffer.from(token);
    this.#send = send;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = this.#wanted(request);
    switch (`${request.method ?? ''} ${wanted ?? ''}`) {
      case 'GET page':
        return this.#page(response);
      case 'GET events':
        return this.#events(response);
      case 'POST key':
        return this.#key(await bodyOf(request), response);
      case 'POST picture':
        return await this.#picture(await bodyOf(request), response);
      default:
        end(response, 404);
    }
  }

  /** Undefined for a request that comes from elsewhere, or without the token. */
  #wanted({ url = '', headers, method }: IncomingMessage): string | undefined {
    const [, token = '', name = '', ...more] = url.split('/');
    const given = Buffer.from(token);
    const isOurs = given.length === this.#token.length && timingSafeEqual(given, this.#token);
    if (!isOurs || more.length > 0 || `http://${headers.host ?? ''}` !== this.origin) return undefined;
    if (
      method === 'POST' &&
      (headers.origin !== this.origin || headers['content-type'] !== 'application/json')
    )
      return undefined;
    return name === '' ? 'page' : name;
  }

  #page(response: ServerResponse): void {
    const { html, policy } = pageDocument({ model: this.#feed.model, isLive: true, pictures: {} });
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `${policy}; frame-ancestors 'none'`,
    });
    response.end(html);
  }

  /** The model as it is, then each event. */
  #events(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const tell = (name: string, value: unknown): void =>
      void response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
    tell('model', this.#feed.model);
    const quiet = this.#feed.listen((told) => tell('told', told));
    const beat = setInterval(() => tell('beat', Date.now()), BEAT);
    beat.unref();
    response.once('close', () => {
      quiet();
      clearInterval(beat);
    });
  }

  #key({ key }: Record<string, unknown>, response: ServerResponse): void {
    const command = PAGE_KEYS.find((one) => one === key);
    if (command !== undefined) this.#send(command);
    end(response, command === undefined ? 404 : 204);
  }

  async #picture({ plugin, call }: Record<string, unknown>, response: ServerResponse): Promise<void> {
    const dir = typeof plugin === 'string' ? this.#feed.folderOf(plugin) : undefined;
    if (dir === undefined) return end(response, 404);
    const given = typeof call === 'string' && call !== '' ? call : undefined;
    try {
      json(response, { picture: await pictureOf(dir, given) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      json(response, { error: error.message });
    }
  }
}

const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, HEADERS).end();
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of request) {
    text += String(piece);
    if (text.length > MOST) return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the collector answers one request: a status, or by closing the connection. */
export type Answer = number | 'drop';

/** A request as it arrived. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: Answer;
  /** Milliseconds since the collector was opened. */
  readonly t: number;
}

/** Stands in for the server that call records are sent to, and keeps what arrives. */
export class Collector {
  readonly arrivals: Arrival[] = [];
  readonly #server: Server;
  readonly #answers: Answer[];
  readonly #opened = performance.now();

  private constructor(answers: readonly Answer[]) {
    this.#answers = [...answers];
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  /** Listens on a free port of this machine. `answers` are given in turn; then every record is taken. */
  static async open(answers: readonly Answer[] = []): Promise<Collector> {
    const collector = new Collector(answers);
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    request.setEncoding('utf8');
    for await (const piece of request) body += String(piece);
    const answer = this.#answers.shift() ?? 201;
    const t = Math.round(performance.now() - this.#opened);
    const { method = '', url = '' } = request;
    this.arrivals.push({ method, path: url, headers: kept(request), body, answer, t });
    if (answer === 'drop') request.socket.destroy();
    else response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** The headers that a client chose; of a token only its kind is kept. */
function kept(request: IncomingMessage): Readonly<Record<string, string>> {
  const wanted = ['authorization', 'content-type', 'accept'];
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = request.headers[name];
      if (typeof value !== 'string') return [];
      return [[name, name === 'authorization' ? value.replace(/\s.*$/s, ' ***') : value]];
    }),
  );
}

/** The fate of the records on their way: which calls never arrived, and how often others were sent. */
export interface Delivery {
  readonly delivered: number;
  /** Requests that were refused or dropped, and sent again later. */
  readonly retried: number;
  /** Bodies that were refused and not sent again. */
  readonly lost: readonly string[];
}

export function deliveryOf(arrivals: readonly Arrival[]): Delivery {
  const taken = arrivals.filter(({ answer }) => answer !== 'drop' && answer < 300);
  const refused = arrivals.filter(({ answer }) => answer === 'drop' || answer >= 300);
  const bodies = new Set(taken.map(({ body }) => body));
  const lost = [...new Set(refused.map(({ body }) => body))].filter((body) => !bodies.has(body));
  return { delivered: taken.length, retried: refused.length - lost.length, lost };
}

import { createServer, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** The addresses that it was asked for: whole ones, and `host:port` of tunnels. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * A proxy for HTTP and for tunnels.
 * @param names hosts that are nowhere but behind it, each with the port of 127.0.0.1 that it is
 */
export async function startProxy(names: Readonly<Record<string, number>> = {}): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '');
    asked.push(url.href);
    const port = names[url.hostname];
    const host = port === undefined ? url.hostname : '127.0.0.1';
    const path = `${url.pathname}${url.search}`;
    const { method, headers } = incoming;
    const onward = request({ host, port: port ?? (url.port || 80), path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket, head) => {
    asked.push(incoming.url ?? '');
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

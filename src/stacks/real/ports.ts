import net from 'node:net';
import { readText } from '../../support/read-file.ts';

/** First of the ports that stacks take; below the range that the system gives to outgoing connections. */
const FIRST = 21_000;
const COUNT = 9_000;

/** A port of 127.0.0.1 that nobody listens on and that is not in `taken`. */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error('no free port on 127.0.0.1 was found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether a process of this machine, or in the network of another process, listens on the port of 127.0.0.1, as Linux tells. */
export function isListening(port: number, pid: number | 'self' = 'self'): boolean {
  const place = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readText(`/proc/${pid}/net/tcp`).includes(`: ${place} 00000000:0000 0A `);
}

/** Whether something that speaks SSH answers on the port. */
export function speaksSsh(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    // what hands connections on takes them before there is somebody to hand them to
    socket.once('end', () => finish(false));
    socket.once('data', (bytes) => finish(bytes.toString().startsWith('SSH-')));
  });
}

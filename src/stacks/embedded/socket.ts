import { rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { makeFolders } from '../../support/make-folders.ts';
import { ASTERISK_VERSION } from '../../wazo/asterisk-modules.ts';

/** The bytes that the real client of `asterisk -rx` sends before the command. Source: Asterisk 22, remote console. */
const PREFIX = 'cli quit after ';

/**
 * Listens where Asterisk listens for consoles, as it does: a greeting of one line, then `cli quit after COMMAND NUL`,
 * the answer, and the end. `root` is the folder that stands for `/`; it becomes this process's folder, since the path
 * of a socket has to be short. While `isUp` says no, no request is read.
 */
export function listenAtSocket(
  root: string,
  isUp: () => boolean,
  answer: (command: Buffer) => Uint8Array,
): () => void {
  const folder = path.join(root, 'var/run/asterisk');
  makeFolders(folder);
  process.chdir(folder);
  const name = 'asterisk.ctl';
  rmSync(name, { force: true });
  const server = net.createServer((socket) => {
    let asked: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    if (!isUp()) return void socket.destroy();
    socket.write(`embedded/1/${ASTERISK_VERSION}\n`);
    socket.on('data', (bytes: Buffer) => {
      asked = Buffer.concat([asked, bytes]);
      const end = asked.indexOf(0);
      if (end < 0) return;
      const text = asked.subarray(0, end);
      const isCommand = text.subarray(0, PREFIX.length).toString() === PREFIX;
      socket.end(isCommand ? answer(text.subarray(PREFIX.length)) : Buffer.alloc(0));
    });
  });
  server.listen(name);
  return () => void server.close();
}

import { closeSync, constants, openSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** Milliseconds after which a caller that asked but never came for its answer is given up. */
const PATIENCE = 10_000;

/**
 * Listens on the pipe `console.in` for records `CALLER COMMAND NUL`, and writes each answer into the pipe
 * `reply.CALLER`, which the caller has made. A caller costs one mkfifo and one cat.
 */
export function listen(run: string, answer: (command: Buffer) => Uint8Array): () => void {
  // open for writing too: the pipe never ends when the last caller has gone
  const fd = openSync(path.join(run, 'console.in'), constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new net.Socket({ fd, readable: true, writable: false });
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      const record = rest.subarray(0, end);
      rest = rest.subarray(end + 1);
      const gap = record.indexOf(' ');
      const caller = record.subarray(0, gap).toString();
      if (!/^\d+$/.test(caller)) continue;
      reply(path.join(run, `reply.${caller}`), answer(record.subarray(gap + 1))).catch(() => undefined);
    }
  });
  return () => void socket.destroy();
}

async function reply(pipe: string, text: Uint8Array): Promise<void> {
  const release = setTimeout(() => letGo(pipe), PATIENCE);
  try {
    // waits for the caller's cat to open the other end
    const file = await open(pipe, 'w');
    clearTimeout(release);
    await unlink(pipe).catch(() => undefined);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } finally {
    clearTimeout(release);
  }
}

/** Opens the reading end for a moment, so that our own opening returns. */
function letGo(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch {
    // the caller cleaned up
  }
}

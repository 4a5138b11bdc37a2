import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { holdLock, lockOwner } from '../../support/lock.ts';
import { startConsole } from './console.ts';
import { listen } from './requests.ts';
import { listenAtSocket } from './socket.ts';

/** Milliseconds in which a caller that saw the console puts its question. */
const GRACE = 100;

/**
 * The process behind `bin/asterisk` of one embedded stack: holds what the dialplan loader has loaded. It ends
 * when it is told to, when its folder is gone, and when it has nothing to do (`run/keep` prevents that).
 */
function main(folder: string, idle: number): void {
  const run = path.join(folder, 'run');
  const lock = path.join(run, 'console.lock');
  if (!holdLock(lock)) return;
  const pid = path.join(run, 'console.pid');
  const console = startConsole(folder, process.pid);
  let lastUse = performance.now();
  const answer = (command: Buffer): Uint8Array => {
    lastUse = performance.now();
    return console.answer(command);
  };
  const isUp = (): boolean => !existsSync(path.join(run, 'services/asterisk.stopped'));
  const listeners = [listen(run, answer), listenAtSocket(path.join(folder, 'root'), isUp, answer)];
  rmSync(path.join(run, 'asleep'), { force: true });
  writeFileSync(pid, `${process.pid}\n`);

  const end = (asleep: boolean): void => {
    if (lockOwner(lock) === process.pid) {
      if (asleep) {
        writeFileSync(path.join(run, 'asleep'), '');
        // it ends with the file
        rmSync(path.join(run, 'confgend/ready'), { force: true });
      }
      rmSync(pid, { force: true });
      rmSync(lock, { force: true });
    }
    // who found us a moment ago still gets an answer
    setTimeout(() => {
      for (const stop of listeners) stop();
      process.exit(0);
    }, GRACE);
  };
  process.on('SIGTERM', () => end(false));
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  setInterval(
    () => {
      if (lockOwner(lock) !== process.pid) end(false);
      else if (performance.now() - lastUse > idle && !existsSync(path.join(run, 'keep'))) end(true);
    },
    Math.min(5000, idle / 4),
  );
}

const [, , folder, idle] = process.argv;
if (folder === undefined || idle === undefined) throw new Error('usage: daemon FOLDER IDLE');
main(folder, Number(idle));

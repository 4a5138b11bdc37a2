import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stack/real.ts';
import { lacks } from '../support/needs.ts';
import { figure, isLong } from '../support/promises.ts';
import { Watch, makePlugin, pause, project, wdevNow } from '../support/watch.ts';

const NAME = `test-promises-${process.pid}`;
const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const CUTS = isLong ? 20 : 4;

/** The ssh processes that a running wdev started. */
function connections(pid: number): readonly number[] {
  const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(pid)], { encoding: 'utf8' });
  return [...children.matchAll(/^\s*(\d+) ssh$/gm)].map(([, child]) => Number(child));
}

describe.skipIf(lacks('real'))('promise 9', () => {
  let stack: RealStack;
  const place = project();

  beforeAll(async () => {
    stack = await upReal(NAME);
  });

  afterAll(async () => {
    await downReal(NAME);
    place.remove();
  });

  const onStack = (...command: readonly string[]): string =>
    wdevNow(['stack', 'exec', '--name', NAME, '--', ...command], place.dir).stdout;

  it(`9: ${CUTS} cuts of the connection during edits`, { timeout: 900_000 }, async () => {
    const file = path.join(makePlugin(place.dir, 'hello'), CONF);
    const good = readFileSync(file, 'utf8');
    const config = path.join(place.dir, 'ssh_config');
    writeFileSync(
      config,
      `Host pbx\n  HostName 127.0.0.1\n  Port ${stack.sshPort}\n  User root\n  IdentityFile ${stack.keyFile}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${stack.knownHosts}\n`,
    );
    const watch = new Watch(['hello', '--target', 'ssh://pbx', '--clean'], place.dir, {
      WDEV_SSH_CONFIG: config,
    });
    const back: number[] = [];
    try {
      await watch.next('verified');
      for (let cut = 0; cut < CUTS; cut += 1) {
        const text = `${good}; cut ${cut}\n`;
        watch.forget();
        writeFileSync(file, text);
        // before the batch, while it is under way, and behind it
        await pause([0, 10, 25, 60, 200][cut % 5] ?? 0);
        const began = performance.now();
        for (const pid of connections(watch.pid)) {
          // a paused process answers no more, and is given up
          process.kill(pid, cut % 2 === 0 ? 'SIGKILL' : 'SIGSTOP');
          if (cut % 2 === 0) continue;
          await pause(300);
          process.kill(pid, 'SIGKILL');
        }
        await pause(400);
        const last = `${text}; after the cut\n`;
        writeFileSync(file, last);
        let shown = '';
        for (;;) {
          await watch.next('verified', 60_000);
          shown = onStack('cat', `/${CONF}`);
          if (shown === last) break;
        }
        back.push(Math.round(performance.now() - began));
      }
      const { events } = watch;
      expect(events.filter(({ event }) => event === 'failed')).toEqual([]);
      const puts = events.filter((event) => event.event === 'action' && event.do.startsWith('put'));
      const takenBack = events.filter(
        (event) => event.event === 'held' && event.reason.includes('cut off was taken back'),
      );
      // one for the start and one a save at most; again only what had been taken back in between
      expect(puts.length).toBeLessThanOrEqual(1 + 2 * CUTS + takenBack.length);
    } finally {
      await watch.stop();
    }
    expect(onStack('sh', '-c', `ls -d /var/lib/wdev /${CONF} 2>/dev/null`)).toBe('');
    figure(9, `${CUTS} cuts, 0 differences, back after ${Math.max(...back)} ms at most, nothing done twice`);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLong } from '../support/promises.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project } from '../support/watch.ts';

const SAVES = 2000;
/** Saves after which memory has what it needs. */
const WARM = 400;
/** Bytes a save that may be kept: names, times and counts of it are nobody's. */
const KEPT = 8 * 1024;

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

describe.skipIf(!isLong || process.platform !== 'linux')('a day of saves', () => {
  it(`${SAVES} saves in a row: each is verified, and memory stays`, { timeout: 1_800_000 }, async () => {
    const place = project();
    const plugin = makePlugin(place.dir, 'hello');
    const file = path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
    const good = readFileSync(file, 'utf8');
    const watch = new Watch(['hello'], place.dir);
    const memory: number[] = [];
    try {
      await watch.next('verified');
      for (let at = 1; at <= SAVES; at += 1) {
        save(file, good.replaceAll('***42', `***${1000 + at}`));
        const verified = await watch.next('verified');
        expect(verified.loaded.join(' '), `save ${at}`).toContain(`***${1000 + at}`);
        if (at >= WARM && at % 50 === 0) memory.push(memoryOf(watch.pid));
      }
    } finally {
      await watch.stop();
      await place.remove();
    }
    const half = memory.length / 2;
    // a collection comes when it comes: the least of each half counts
    const [before, after] = [Math.min(...memory.slice(0, half)), Math.min(...memory.slice(half))];
    console.log(
      `${SAVES} saves: ${Math.round(before / 1e6)} MB at first, ${Math.round(after / 1e6)} MB then`,
    );
    expect(after - before).toBeLessThan(SAVES * KEPT);
    expect(after).toBeLessThan(250e6);
  });
});

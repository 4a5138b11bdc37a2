import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { childrenOf, textOf } from '../support/machines.ts';
import { Watch, makePlugin, onConsole, pause, project } from '../support/watch.ts';

/** Seconds of it. */
const SOAK = Number(process.env['WDEV_SOAK'] ?? 300);
/** The growth of a log: bytes every so many milliseconds, up to a size at which it begins anew. */
const LOG = { bytes: 2 ** 20, every: 100, most: 64 * 2 ** 20 } as const;
/** Bytes by which the memory of the watch may grow between its first and its last quarter. */
const GROWTH = 40e6;
const CONF = 'etc/asterisk/extensions_extra.d';

/** The numbers of a seed, each below a bound. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (state >>> 8) % below;
  };
}

/** Ways in which editors save. */
const STYLES: readonly ((file: string, text: string) => void)[] = [
  (file, text) => writeFileSync(file, text),
  (file, text) => {
    writeFileSync(`${file}.tmp`, text);
    renameSync(`${file}.tmp`, file);
  },
  (file, text) => {
    renameSync(file, `${file}~`);
    writeFileSync(file, text);
    rmSync(`${file}~`);
  },
  (file, text) => {
    truncateSync(file);
    appendFileSync(file, text.slice(0, text.length / 2));
    appendFileSync(file, text.slice(text.length / 2));
  },
];

/** A shell that watch holds open; the program of a stack is none of its children. */
function shellOf(pid: number): number | undefined {
  return childrenOf(pid).find((child) => /^(?:sh|dash|bash)$/m.test(textOf(`/proc/${child}/comm`)));
}

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

it.skipIf(process.platform !== 'linux')(
  `${SOAK} s of saves, renames, plugins that come and go, restarts, cuts and a log: 0 wrong, memory stays`,
  { timeout: (SOAK + 1500) * 1000 },
  async () => {
    const place = project();
    const plugins = ['one', 'two', 'three'].map((name, at) =>
      makePlugin(place.dir, name, '--extension', `***${50 + at}`),
    );
    const folder = (dir: string): string => path.join(dir, CONF);
    const root = path.join(place.dir, '.wdev/stack/root');
    const log = path.join(root, 'var/log/asterisk/full');
    const watch = new Watch([], place.dir);
    const done = { saves: 0, renames: 0, added: 0, removed: 0, restarts: 0, cuts: 0, megabytes: 0 };
    const memory: number[] = [];
    const next = numbers(SOAK);
    const noise = `${'[2026-01-01 00:00:00.000] VERBOSE[1] pbx.c: a call goes on'.padEnd(127)}\n`.repeat(
      LOG.bytes / 128,
    );
    const grows = setInterval(() => {
      if (!existsSync(log)) return;
      appendFileSync(log, noise);
      done.megabytes += 1;
      if (done.megabytes % (LOG.most / LOG.bytes) === 0) truncateSync(log);
    }, LOG.every);
    try {
      await watch.next('verified');
      const until = Date.now() + SOAK * 1000;
      // a busy machine takes fewer steps
      const isOver = (): boolean =>
        Date.now() >= until && (SOAK < 120 || done.saves * done.restarts * done.cuts * done.added > 0);
      for (let step = 0; !isOver(); step += 1) {
        const dir = plugins[next(3)] ?? '';
        const [name = ''] = readdirSync(folder(dir)).filter((one) => one.endsWith('.conf'));
        const file = path.join(folder(dir), name);
        const what = next(20);
        if (what < 13) {
          const text = readFileSync(file, 'utf8').replace(/(?:; step \d+\n)?$/, `; step ${step}\n`);
          STYLES[next(STYLES.length)]?.(file, text);
          done.saves += 1;
        } else if (what < 15) {
          renameSync(
            file,
            path.join(folder(dir), name.replace(/(?:-x)?\.conf$/, name.includes('-x') ? '.conf' : '-x.conf')),
          );
          done.renames += 1;
        } else if (what === 15) {
          makePlugin(place.dir, 'guest', '--extension', '***59');
          done.added += 1;
        } else if (what === 16) {
          rmSync(path.join(place.dir, 'guest'), { recursive: true, force: true });
          done.removed += 1;
        } else if (what === 17) {
          onConsole(place.dir, 'core restart now');
          done.restarts += 1;
        } else if (what === 18) {
          const shell = shellOf(watch.pid);
          if (shell !== undefined) process.kill(shell, 'SIGKILL');
          if (shell !== undefined) done.cuts += 1;
        }
        memory.push(memoryOf(watch.pid));
        await pause(300 + next(2500));
      }
      clearInterval(grows);
      const standing = (): readonly string[] =>
        readdirSync(path.join(root, CONF)).filter((name) => /(?:one|two|three)/.test(name));
      const wrong = (): readonly string[] => [
        ...plugins.flatMap((dir) =>
          readdirSync(folder(dir)).filter((name) => {
            const there = path.join(root, CONF, name);
            return (
              !existsSync(there) || !readFileSync(there).equals(readFileSync(path.join(folder(dir), name)))
            );
          }),
        ),
        // under its new name alone
        ...(standing().length === 3 ? [] : standing()),
      ];
      await expect.poll(wrong, { timeout: 600_000 }).toEqual([]);
      // what it says last is what is there: each plugin is verified, and Asterisk has its context
      const shown = (): string => onConsole(place.dir, 'dialplan show');
      const contexts = ['one', 'two', 'three'].map((name) => `'demo-${name}'`);
      await expect
        .poll(() => contexts.filter((name) => !shown().includes(name)), { timeout: 600_000 })
        .toEqual([]);
    } finally {
      clearInterval(grows);
      await watch.stop();
      await place.remove();
    }
    const quarter = Math.ceil(memory.length / 4);
    const [before, after] = [Math.min(...memory.slice(0, quarter)), Math.min(...memory.slice(-quarter))];
    const figures = Object.entries(done).map(([name, count]) => `${count} ${name}`);
    console.log(
      `soak: ${SOAK} s, ${figures.join(', ')}; memory ${Math.round(before / 1e6)} MB, then ${Math.round(after / 1e6)} MB; 0 wrong`,
    );
    expect(after - before).toBeLessThan(GROWTH);
  },
);

import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { downReal, upReal } from '../../src/stacks/real.ts';
import { childrenOf, inside, textOf } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { save as saveWhole } from '../support/save.ts';
import { Watch, makePlugin, onConsole, pause, project } from '../support/watch.ts';

/** Saves in a row; memory is looked at ten times. */
const SAVES = Number(process.env['WDEV_SAVES'] ?? 1000);
/** The growth of a log: bytes every so many milliseconds, up to a size at which it begins anew. */
const LOG = { bytes: 2 ** 20, every: 100, most: 64 * 2 ** 20 } as const;
/** Bytes by which the memory of the watch, and of its helper, may grow after the first tenth of the saves. */
const GROWTH = { watch: 40e6, helper: 16e6 } as const;
const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** By how much the least of the last looks is more than the least of the first ones: a single look may find garbage. */
function growth(looks: readonly number[]): number {
  return Math.min(...looks.slice(-3)) - Math.min(...looks.slice(0, 3));
}

/** Seconds of the processor that a process had. */
function secondsOf(pid: number): number {
  const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(user) + Number(system)) / 100;
}

/** Adds to a log as a busy server does, until it is stopped. */
class BusyLog {
  readonly #noise = `${'[2026-01-01 00:00:00.000] VERBOSE[1] pbx.c: a call goes on'.padEnd(127)}\n`.repeat(
    LOG.bytes / 128,
  );
  readonly #timer: NodeJS.Timeout;
  readonly #file: string;
  megabytes = 0;

  constructor(file: string) {
    this.#file = file;
    this.#timer = setInterval(() => {
      if (!existsSync(file)) return;
      appendFileSync(file, this.#noise);
      this.megabytes += 1;
    }, LOG.every);
  }

  /** Begins anew where it is large: what it held of a save is gone. */
  turn(): void {
    if (statSync(this.#file).size > LOG.most) truncateSync(this.#file);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

interface Server {
  /** Where its files are. */
  readonly root: string;
  readonly shown: (context: string) => string;
  /** The memory of the helper that runs beside the shell of the watch, in bytes. */
  readonly helper: () => number;
}

/** Saves in a row beside a busy log, of which each tenth has to be refused by Asterisk itself, and what they took. */
async function saves(watch: Watch, plugin: string, { root, shown, helper }: Server): Promise<void> {
  const file = path.join(plugin, CONF);
  const good = readFileSync(file, 'utf8');
  const there = path.join(root, CONF);
  await watch.next('verified');
  // an extension of another file that is read before
  writeFileSync(path.join(path.dirname(there), 'aaa.conf'), '[early]\nexten = s,1,NoOp(early)\n');
  const log = new BusyLog(path.join(root, 'var/log/asterisk/full'));
  const [memory, helpers, took, wrong]: [number[], number[], number[], string[]] = [[], [], [], []];
  let skipped = 0;
  const [began, processor] = [performance.now(), secondsOf(watch.pid)];
  try {
    let text = good;
    for (let save = 1; save <= SAVES; save += 1) {
      const isBad = save % 10 === 0;
      const [what, saved] = [`save ${save}`, performance.now()];
      watch.forget();
      if (!isBad) log.turn();
      if (!isBad) text = `${good}\n[demo-save-${save}]\nexten = s,1,NoOp(${what})\n`;
      saveWhole(file, isBad ? `${text}\n[early]\nexten = s,1,NoOp(${what})\n` : text);
      const told = await watch.next(['verified', 'failed']);
      took.push(performance.now() - saved);
      if (isBad) await watch.next('rolled-back');
      const { code, help = '' } = told.event === 'failed' ? (told.findings[0] ?? {}) : {};
      // where more was logged meanwhile than is read, the reason is said to be in what was skipped
      const isSkipped =
        isBad && code === 'dialplan-not-loaded' && help.includes('The log is too long to read');
      if (isSkipped) skipped += 1;
      else if (code !== (isBad ? 'dialplan-duplicate-priority' : undefined)) wrong.push(`${what}: ${code}`);
      if (readFileSync(there, 'utf8') !== text) wrong.push(`${what}: another text is there`);
      if (save % 50 === 1 && !shown(`demo-save-${save}`).includes(what)) wrong.push(`${what}: not loaded`);
      if (save % Math.ceil(SAVES / 10) !== 0) continue;
      // the services of the batch are looked at again
      await pause(300);
      memory.push(memoryOf(watch.pid));
      helpers.push(helper());
    }
  } finally {
    log.stop();
  }
  const [seconds, cpu] = [(performance.now() - began) / 1000, secondsOf(watch.pid) - processor];
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  const mega = (bytes: readonly number[]): string => bytes.map((one) => (one / 1e6).toFixed(0)).join(' ');
  console.log(
    `${SAVES} saves in ${seconds.toFixed(0)} s, ${log.megabytes} MB of log, processor ${cpu.toFixed(0)} s; ` +
      `median ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms; ` +
      `memory ${mega(memory)} MB, helper ${mega(helpers)} MB; ${wrong.length} wrong, ${skipped} without their reason: more was logged than is read`,
  );
  expect(wrong).toEqual([]);
  expect(growth(memory)).toBeLessThan(GROWTH.watch);
  expect(growth(helpers)).toBeLessThan(GROWTH.helper);
}

/** The memory of perl among the children of a process, and theirs. */
function perlBelow(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => {
    const isPerl = textOf(`/proc/${child}/comm`) === 'perl\n';
    return sum + (isPerl ? memoryOf(child) : 0) + perlBelow(child);
  }, 0);
}

describe(`${SAVES} saves in a row beside a log that grows by 10 MB/s`, { timeout: 3_600_000 }, () => {
  it.skipIf(process.platform !== 'linux')('of the embedded stack: 0 wrong, memory stays', async () => {
    const place = project();
    const plugin = makePlugin(place.dir, 'hello');
    const watch = new Watch(['hello'], place.dir);
    try {
      await saves(watch, plugin, {
        root: path.join(place.dir, '.wdev/stack/root'),
        shown: (context) => onConsole(place.dir, `dialplan show ${context}`),
        helper: () => perlBelow(watch.pid),
      });
    } finally {
      await watch.stop();
      await place.remove();
    }
  });

  it.skipIf(lacks('real'))('of a server behind sshd: 0 wrong, memory stays', async () => {
    const name = `test-saves-${process.pid}`;
    const place = project();
    const plugin = makePlugin(place.dir, 'hello');
    const stack = await upReal(name, { forUs: true });
    const watch = new Watch(['hello', '--target', 'ssh://stack'], place.dir, {
      WDEV_SSH_CONFIG: stack.sshConfig,
    });
    try {
      await saves(watch, plugin, {
        root: stack.rootfs,
        shown: (context) => inside(stack, `asterisk -rx 'dialplan show ${context}'`),
        helper: () => Number(inside(stack, 'ps -C perl -o rss= | sort -n | tail -n 1')) * 1024,
      });
    } finally {
      await watch.stop();
      await downReal(name);
      await place.remove();
    }
  });
});

import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Teller } from './contender.ts';
import { WDEV } from './contenders.ts';
import { forgetPeak, residentMegabytes } from './memory.ts';
import { writePlugin } from './plugins.ts';
import type { Table } from './report.ts';
import type { Bar } from './statistics.ts';

const MEGABYTES = 200;
const SOUNDS = { files: 5000, bytes: 10 * 1024 } as const;

/** Until the full stage behind a save is through. */
const PROVEN_MS = 6000;

/** A plugin with one large file, and one with thousands of sound files: memory, and what a save writes. */
export async function large(folder: string): Promise<Table> {
  const one = path.join(folder, 'one/large');
  writePlugin(one, { dialplan: 1, files: 10 });
  const big = path.join(one, 'data/big');
  for (let at = 0; at < MEGABYTES; at += 1) appendFileSync(big, randomBytes(2 ** 20));
  const many = path.join(folder, 'many/sounds');
  writePlugin(many, { dialplan: 1, files: 10 });
  for (let at = 0; at < SOUNDS.files; at += 1)
    writeFileSync(path.join(many, `data/${at}.wav`), randomBytes(SOUNDS.bytes));
  const largeBars = await watched(one, `one file of ${MEGABYTES} MB`, (teller) => {
    return saved(teller, () => appendFileSync(big, 'more'));
  });
  const soundBars = await watched(many, `beside ${SOUNDS.files} files`, (teller) => {
    const conf = path.join(many, 'etc/sounds-0.conf');
    return saved(teller, () =>
      writeFileSync(conf, readFileSync(conf, 'utf8').replace(/NoOp.*/, 'NoOp(two)')),
    );
  });
  return { title: 'Large plugins on the embedded stack', samples: [], bars: [...largeBars, ...soundBars] };
}

async function watched(
  dir: string,
  what: string,
  save: (teller: Teller) => Promise<void>,
): Promise<readonly Bar[]> {
  const args = [...WDEV, 'watch', dir, '--target', 'embedded', '--clean', '--json'] as const;
  const teller = new Teller('wdev watch', args, { cwd: path.dirname(dir) });
  try {
    await teller.until(/"event":"ready"/);
    forgetPeak(teller.pid);
    await teller.until(/"event":"verified"/, undefined, 120_000);
    await sleep(PROVEN_MS);
    const before = writtenMegabytes(teller.pid);
    const began = performance.now();
    await save(teller);
    const ms = performance.now() - began;
    const atSave = writtenMegabytes(teller.pid);
    await sleep(PROVEN_MS);
    const { now, peak } = residentMegabytes(teller.pid);
    return [
      { what: `${what}: resident memory after a save`, value: now, unit: 'MB', atMost: 150 },
      { what: `${what}: resident memory at most, since ready`, value: peak, unit: 'MB', atMost: 150 },
      { what: `${what}: save to verified`, value: ms, unit: 'ms' },
      { what: `${what}: written here until verified`, value: atSave - before, unit: 'MB' },
      {
        what: `${what}: written here by save and proof, rules included`,
        value: writtenMegabytes(teller.pid) - before,
        unit: 'MB',
      },
    ];
  } finally {
    await teller.stop('SIGINT');
  }
}

async function saved(teller: Teller, save: () => void): Promise<void> {
  const line = await teller.until(/"event":"(verified|failed)"/, save, 120_000);
  if (!line.includes('"verified"')) throw new Error(line);
}

/** The bytes that a process and those that it has waited for have written (/proc/PID/io). */
function writtenMegabytes(pid: number): number {
  return Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]) / 2 ** 20;
}

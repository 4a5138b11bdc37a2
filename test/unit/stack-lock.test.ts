import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clearDrafts, holdLock, lockOwner, withLock } from '../../src/support/lock.ts';
import { startTimeOf } from '../../src/support/process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wdev-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('two that want one lock run one after the other, and nothing is left', async () => {
  const file = path.join(folder, 'lock');
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await sleep(60);
    order.push(`${name} ends`);
  };
  const waited: number[] = [];
  await Promise.all([
    withLock(file, work('a')),
    withLock(file, work('b'), { onWait: (pid) => waited.push(pid) }),
  ]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(waited).toEqual([process.pid]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a failure gives the lock back', async () => {
  const file = path.join(folder, 'lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

test('the lock of a dead process is taken over', async () => {
  const file = path.join(folder, 'lock');
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  writeFileSync(file, JSON.stringify({ pid, start: startTimeOf(pid) }));
  expect(lockOwner(file)).toBe(pid);
  expect(holdLock(file)).toBe(false);
  child.kill('SIGKILL');
  await expect.poll(() => lockOwner(file), { timeout: 240_000 }).toBeUndefined();
  expect(holdLock(file)).toBe(true);
  expect(lockOwner(file)).toBe(process.pid);
});

test('a process that has the number of a dead owner is not taken for it', async () => {
  const file = path.join(folder, 'lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, start: 'an earlier boot:1' }));
  expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
});

test('a lock that a crash of the machine emptied is taken over at once', async () => {
  const file = path.join(folder, 'lock');
  spawnSync('sh', ['-c', 'mkfifo "$0"', file]);
  expect(holdLock(file)).toBe(true);
  for (const text of ['', '{', 'null', '{"pid":0,"start":""}', '{"pid":"1"}']) {
    writeFileSync(file, text);
    expect(lockOwner(file)).toBeUndefined();
    expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
  }
});

test('what processes left that were killed while they took a lock is removed', () => {
  const mine = `lock.${process.pid}.abc`;
  for (const name of ['lock', mine, 'lock.999999999.abc', 'lock.999999999.stale'])
    writeFileSync(path.join(folder, name), '');
  clearDrafts(folder);
  expect(readdirSync(folder).sort()).toEqual(['lock', mine].sort());
});

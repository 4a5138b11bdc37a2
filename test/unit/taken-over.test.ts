import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { editFiles } from '../../src/edits/edit-files.ts';
import { readLedger } from '../../src/edits/ledger.ts';
import { folderMark } from '../../src/support/folder-mark.ts';
import { clearDrafts, holdLock } from '../../src/support/lock.ts';
import { stateFolder } from '../../src/support/paths.ts';
import { privateFolder, sameFolder } from '../../src/support/temp-folder.ts';
import { tempFolder } from '../support/temp.ts';

/** Told before each call that changes a folder: another process may be in the middle of the same work there. */
const files = vi.hoisted(() => ({ before: (): void => undefined, looked: (): void => undefined }));

vi.mock(import('node:fs'), async (load) => {
  const real = await load();
  const told = <Args extends unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      files.before();
      return call(...args);
    };
  };
  return {
    ...real,
    existsSync: (file) => {
      const isThere = real.existsSync(file);
      files.looked();
      return isThere;
    },
    linkSync: told(real.linkSync),
    renameSync: told(real.renameSync),
    rmSync: told(real.rmSync),
    symlinkSync: told(real.symlinkSync),
    unlinkSync: told(real.unlinkSync),
    writeFileSync: told(real.writeFileSync),
  };
});

beforeEach(() => {
  files.before = () => undefined;
  files.looked = () => undefined;
});

/** Calls `work`, and once more before the calls with these numbers of the first one; how many calls it made. */
function interleaved(work: () => void, at: readonly number[]): number {
  let calls = 0;
  let isInside = false;
  files.before = () => {
    if (isInside) return;
    isInside = true;
    if (at.includes(calls)) work();
    calls += 1;
    isInside = false;
  };
  work();
  files.before = () => undefined;
  return calls;
}

/** Lets two others come in at each pair of places of the first one. */
function everywhere(work: () => () => void, judge: () => void): void {
  let most = interleaved(work(), []);
  for (let second = 0; second < most; second += 1) {
    for (let third = second; third <= most; third += 1) {
      most = Math.max(most, interleaved(work(), [second, third]));
      judge();
    }
  }
  if (most < 5) throw new Error(`only ${most} calls were seen`);
}

describe('what a killed process held', () => {
  it('is taken over by one of those that come at once: a lock', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'lock');
    let taken = 0;
    const work = (): (() => void) => {
      rmSync(file, { force: true });
      writeFileSync(file, JSON.stringify({ pid: 999_999_999, start: 'a boot:1' }));
      taken = 0;
      return () => {
        if (holdLock(file)) taken += 1;
      };
    };
    everywhere(work, () => expect(taken).toBe(1));
    rmSync(file);
    writeFileSync(`${file}-of-999999999-1`, JSON.stringify({ pid: 999_999_998, start: 'a boot:1' }));
    clearDrafts(folder);
    expect(holdLock(file)).toBe(true);
  });

  it('is taken over where those who came for it were killed, too, one after the other', () => {
    const folder = tempFolder();
    const file = path.join(folder, 'lock');
    const killed = (pid: number): string => JSON.stringify({ pid, start: 'a boot:1' });
    writeFileSync(file, killed(999_000_000));
    for (let at = 0; at < 50; at += 1)
      writeFileSync(`${file}-of-${999_000_000 + at}-1`, killed(999_000_001 + at));
    expect(holdLock(file)).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock']);
    // a machine that lost its power leaves files without their content
    for (const name of [file, `${file}-of-0-nobody`]) writeFileSync(name, '');
    expect(holdLock(file)).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is taken over by one of those that come at once: a folder', () => {
    vi.stubEnv('TMPDIR', tempFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const own = privateFolder();
    const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
    let folders: string[] = [];
    const work = (): (() => void) => {
      rmSync(own, { recursive: true });
      mkdirSync(path.join(own, 'build-key'), { recursive: true, mode: 0o700 });
      symlinkSync(`999999999-gone-${space}`, path.join(own, 'build-key.owner'));
      folders = [];
      return () => {
        const { folder } = sameFolder('build', 'key');
        writeFileSync(path.join(folder, `user ${folders.length}`), '');
        folders.push(folder);
      };
    };
    everywhere(work, () => {
      expect(new Set(folders).size).toBe(folders.length);
      for (const folder of folders) expect(readdirSync(folder)).toHaveLength(1);
      expect(folders).toContain(path.join(own, 'build-key'));
    });
  });
});

it('is no damaged record where another process removes it while it is being read', async () => {
  const folder = tempFolder();
  await editFiles(folder, [{ path: 'new.txt', after: { text: 'new', mode: 0o644 } }], 'first');
  expect(readLedger(folder).records).toHaveLength(1);
  const record = path.join(stateFolder(), 'edits', `${folderMark(realpathSync(folder))}.json`);
  files.looked = () => rmSync(record, { force: true });
  expect(() => readLedger(folder)).not.toThrow();
  rmSync(record, { force: true });
  expect(readLedger(folder).records).toEqual([]);
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Shell } from '../../src/target/shell.ts';

let folder = '';
let shell: Shell;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  mkdirSync(path.join(folder, 'root/etc'), { recursive: true });
  const root = path.join(folder, 'root');
  shell = new Shell('test', { argv: ['sh'] }, { R: root, S: path.join(folder, 'state') });
  await shell.ready();
});

afterEach(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, 'root', name);

describe('the framed shell', () => {
  it('keeps output, errors and status of each script apart', async () => {
    const [first, second] = await Promise.all([
      shell.run('echo one; echo bad >&2; exit 3'),
      shell.run('printf two'),
    ]);
    expect([first.status, String(first.stdout), String(first.stderr)]).toEqual([3, 'one\n', 'bad\n']);
    expect([second.status, String(second.stdout), String(second.stderr)]).toEqual([0, 'two', '']);
  });

  it('carries any bytes in, read or not, and any bytes out', async () => {
    const input = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    expect((await shell.run('cat', { input })).stdout.equals(input)).toBe(true);
    expect((await shell.run('exit 4', { input })).status).toBe(4);
    expect(String((await shell.run('echo next')).stdout)).toBe('next\n');
  });

  it('survives a script that is no shell script, and one of several lines', async () => {
    expect((await shell.run('if then')).status).not.toBe(0);
    expect(String((await shell.run("echo 'a\nb\\n'\nprintf '%s' 'c'")).stdout)).toContain('\nc');
  });

  it('says what the far end said when there is no shell', async () => {
    const none = new Shell('pbx', { argv: ['sh', '-c', 'echo no route to host >&2; exit 255'] }, {});
    await expect(none.ready()).rejects.toMatchObject({
      code: 'target-unreachable',
      exit: 3,
      message: 'target pbx: its shell ended with status 255 (no route to host)',
    });
  });
});

describe('the lock', () => {
  it('gives the target to one shell at a time, and takes the lock of a dead one', async () => {
    const state = { R: at(''), S: path.join(folder, 'state') };
    const other = new Shell('other', { argv: ['sh'] }, state);
    expect((await shell.run('wdev_lock "ann, process 7" one')).status).toBe(0);
    const refused = await other.run('wdev_lock bob two');
    expect([refused.status, String(refused.stdout)]).toEqual([75, 'ann, process 7\n']);
    await shell.run('kill -9 $$').catch(() => undefined);
    expect((await other.run('wdev_lock bob two')).status).toBe(0);
    await other.close();
  });
});

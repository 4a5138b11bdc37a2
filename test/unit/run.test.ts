import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../../src/support/run.ts';
import { runLines } from '../../src/support/run-lines.ts';
import { tempFolder } from '../support/temp.ts';
import { bundled } from '../support/bundled.ts';

/** With and without a time that never comes. */
const WAYS: readonly (readonly [string, RunOptions])[] = [
  ['no limit', {}],
  ['a limit', { timeout: 240_000 }],
];

describe.each(WAYS)('a program with %s', (_way, options) => {
  it('gives status, stdout and stderr as they are', async () => {
    const script = 'printf "a\\n\\n"; printf é >&2; exit 3';
    expect(await run(['sh', '-c', script], options)).toEqual({
      command: ['sh', '-c', script],
      status: 3,
      stdout: 'a\n\n',
      stderr: 'é',
    });
  });

  it('gets folder, environment and input; undefined takes a variable away', async () => {
    const cwd = tempFolder();
    const env = { GIVEN: 'yes', HOME: undefined };
    const command = ['sh', '-c', 'pwd; echo "$GIVEN ${HOME-gone}"; cat'] as const;
    const { stdout } = await run(command, { ...options, cwd, env, input: 'read' });
    expect(stdout).toBe(`${cwd}\nyes gone\nread`);
  });

  it('reads nothing of this process, and may leave its input unread', async () => {
    expect((await run(['cat'], options)).stdout).toBe('');
    const unread = await run(['true'], { ...options, input: 'x'.repeat(1_000_000) });
    expect(unread.status).toBe(0);
  });

  it('is 127 with a reason when there is no such program, and not 0 after a signal', async () => {
    const missing = await run(['wdev-no-such-program'], options);
    expect(missing.status).toBe(127);
    expect(missing.stderr).toContain('ENOENT');
    expect((await run(['sh', '-c', 'kill -9 $$'], options)).status).toBe(1);
    expect((await run(['true'], { ...options, cwd: '/nowhere/at/all' })).status).not.toBe(0);
  });
});

describe('a program with a signal', () => {
  it('is ended with all that it started, or never begun', async () => {
    const dir = tempFolder();
    const over = new AbortController();
    const script = 'sleep 100 & echo $! >pid.new; mv pid.new pid; wait';
    const ended = run(['sh', '-c', script], { cwd: dir, signal: over.signal });
    const pid = path.join(dir, 'pid');
    await expect.poll(() => existsSync(pid), { timeout: 240_000 }).toBe(true);
    over.abort();
    expect((await ended).status).toBe(1);
    const child = readFileSync(pid, 'utf8').trim();
    await expect.poll(() => existsSync(`/proc/${child}`), { timeout: 240_000 }).toBe(false);
    expect(await run(['true'], { signal: over.signal })).toMatchObject({ status: 1, stderr: 'interrupted' });
  });
});

describe('a program that runs when wdev is ended', () => {
  it('is ended too', async () => {
    const dir = tempFolder();
    const script = path.join(dir, 'main.mjs');
    const file = await bundled('src/support/run.ts');
    writeFileSync(
      script,
      `import { run } from ${JSON.stringify(pathToFileURL(file).href)};
process.stdout.write('started\\n');
await run(['sh', '-c', 'echo $$ > pid; exec sleep 100'], { cwd: ${JSON.stringify(dir)} });`,
    );
    const child = spawn(process.execPath, [script], { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const pid = path.join(dir, 'pid');
    await expect.poll(async () => (await run(['cat', pid])).stdout.trim(), { timeout: 240_000 }).not.toBe('');
    const { stdout } = await run(['cat', pid]);
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
    await expect.poll(() => existsSync(`/proc/${stdout.trim()}`), { timeout: 240_000 }).toBe(false);
  });
});

describe('a program that writes without end', () => {
  it.each([
    ['one that hears signals', 'yes'],
    ['one that does not', "trap '' TERM; while :; do yes | head -c 1000000; done"],
    ['one that complains', 'yes >&2'],
  ])('is ended, and said to have written too much: %s', async (_which, script) => {
    const { status, stdout, stderr } = await run(['sh', '-c', script]);
    expect([status, stdout, stderr]).toEqual([124, '', 'sh wrote more than 128 MB']);
  });

  it('a line at a time: of a line only the beginning is kept', async () => {
    const script = "echo first; head -c 300000000 /dev/zero | tr '\\0' x; printf '\\r\\nlast'; exit 3";
    const lengths: number[] = [];
    const before = process.memoryUsage().rss;
    const { status, tail } = await runLines(['sh', '-c', script], (line) => {
      lengths.push(line.length);
      return line.startsWith('x');
    });
    expect([status, tail, lengths]).toEqual([3, ['first', 'last'], [5, 2 ** 20, 4]]);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150);
  });

  it('is not waited for where it holds what an interrupted one wrote to', async () => {
    const stop = new AbortController();
    const script = 'sleep 900000017 & echo $!; wait';
    let sleeper = 0;
    const { status } = await runLines(
      ['sh', '-c', script],
      (line) => {
        sleeper = Number(line);
        stop.abort();
        return true;
      },
      stop.signal,
    );
    expect(status).toBe(130);
    process.kill(sleeper);
  });
});

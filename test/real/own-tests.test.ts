import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { downReal, findReal, realCommand, upReal } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { interruptedTests, sleeper, sleepingTest, tellingNumber } from '../support/interrupted-tests.ts';
import { lacks } from '../support/needs.ts';
import { writePlugin } from '../support/plugins.ts';
import { shownCommands } from '../support/shown-curls.ts';
import { wdev } from '../support/wdev.ts';

const NAME = `own-tests-${process.pid}`;
/** Parts of which Asterisk, systemd or wazo-confgend is the judge. */
const PARTS = ['asterisk-conf', 'confgend', 'dialplan', 'sounds', 'subroutine', 'systemd-unit'];

describe.skipIf(lacks('real'))('wdev test --target, on a machine with Asterisk', () => {
  let project = '';

  beforeAll(async () => {
    project = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    await upReal(NAME, { forUs: true });
    const words = ['new', 'stack', 'hello', '--namespace', 'demo', '--part', PARTS.join(), '--yes'];
    expect((await wdev(words, { cwd: project })).status).toBe(0);
  });

  afterAll(async () => {
    await downReal(NAME);
    rmSync(project, { recursive: true, force: true });
  });

  interface Told {
    readonly plugins: readonly {
      readonly tests: readonly {
        readonly test: string;
        readonly outcome: string;
        readonly message?: string;
      }[];
    }[];
  }

  async function outcomes(): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await wdev(['test', 'hello', '--target', `stack:${NAME}`, '--json'], { cwd: project });
    const { plugins } = JSON.parse(stdout) as Told;
    return Object.fromEntries(
      plugins.flatMap(({ tests }) => tests.map(({ test, outcome }) => [test.split('::')[1], outcome])),
    );
  }

  it('each part that a new plugin has is there by its own test, and is missed before', async () => {
    const names = [
      'test_asterisk_reads_them',
      'test_it_is_generated',
      'test_the_extension',
      'test_what_callers_hear',
      'test_asterisk_reads_it',
      'test_its_context',
      'test_the_timer_waits',
      'test_the_service_ends_well',
    ];
    const before = await outcomes();
    // the folder of settings may be empty
    expect(Object.entries(before).filter(([, outcome]) => outcome === 'passed')).toEqual([
      ['test_asterisk_reads_them', 'passed'],
    ]);
    const installed = await wdev(['install', 'hello', '--target', `stack:${NAME}`], { cwd: project });
    expect(installed.status, installed.stdout).toBe(0);
    expect(await outcomes()).toEqual(Object.fromEntries(names.map((name) => [name, 'passed'])));
  });

  /** The answer of the machine to a command that README shows, and what it says of it. */
  async function answered(plugin: string, word: string, input?: Buffer): Promise<readonly [string, string]> {
    const shown = shownCommands(readFileSync(path.join(project, plugin, 'README.md'), 'utf8'));
    const { command, said } = shown.find((one) => one.command.includes(word)) ?? { command: '', said: '' };
    const stack = await findReal(NAME);
    if (stack === undefined) throw new Error(`no stack ${NAME}`);
    const before =
      input === undefined ? '' : 'cat >/tmp/own.deb; dpkg --unpack --force-all /tmp/own.deb >&2; ';
    const words = realCommand(stack, ['/bin/sh', '-c', `${before}${command}`]);
    const done = await run(words, input === undefined ? {} : { input });
    expect(done.status, done.stdout + done.stderr).toBe(0);
    return [done.stdout.trim(), said];
  }

  it.each([
    ['file convert', /^Converted (\S+) to \S+ in \d+ms$/],
    ['dialplan show', /(demo-hello-subroutine)$/],
    ['systemctl start', /^… (.*)$/],
  ])('answers the command of README as it says: %s', async (word, form) => {
    const [told, said] = await answered('hello', word);
    const [, text = ''] = form.exec(said) ?? [];
    expect(text).not.toBe('');
    expect(told).toContain(text);
  });

  it('prints what the driver generates by the command of README, and the packages that are needed', async () => {
    const [generated] = await answered('hello', 'wazo-confgen');
    expect(generated).toMatch(/^\[/m);
    const words = ['new', 'stack', 'needs', '--namespace', 'demo', '--part', 'debian-depends', '--yes'];
    expect((await wdev(words, { cwd: project })).status).toBe(0);
    expect((await wdev(['build', 'needs', '--out', 'dist'], { cwd: project })).status).toBe(0);
    const [file = ''] = readdirSync(path.join(project, 'dist'));
    const [depends] = await answered('needs', 'dpkg-query', readFileSync(path.join(project, 'dist', file)));
    expect(depends).toMatch(/^[a-z][a-z0-9.+-]+(?:, |$)/);
  });

  describe('at Ctrl-C', () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    async function interrupted(target: string): Promise<{ readonly seconds: number; readonly said: string }> {
      const seconds = tellingNumber();
      const dir = path.join(project, 'asks');
      writePlugin(dir, { 'tests/test_it.py': sleepingTest(seconds) });
      const [status, said] = await interruptedTests(project, seconds, dir, '--target', target);
      expect(status, said).toBe(130);
      return { seconds, said };
    }

    it('ends the command that a test has run in a stack, and says so', async () => {
      const { seconds, said } = await interrupted(`stack:${NAME}`);
      expect(said).toMatch(
        new RegExp(`the tests of \\S+ were ended, with their command on \\S+: sleep ${seconds}\n`),
      );
      await expect.poll(() => sleeper(seconds), { timeout: 600_000 }).toBeUndefined();
    });

    it('says that it may still run behind an sshd, which lets it', async () => {
      const stack = await findReal(NAME);
      vi.stubEnv('WDEV_SSH_CONFIG', stack?.sshConfig ?? '');
      const { seconds, said } = await interrupted('ssh://stack');
      expect(said).toMatch(
        new RegExp(`but their command may still run on ssh://stack: sleep ${seconds}\n.*ps -ef`),
      );
      const pid = sleeper(seconds);
      expect(pid).toEqual(expect.any(Number));
      if (pid !== undefined) process.kill(pid);
    });
  });
});

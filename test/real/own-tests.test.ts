import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal } from '../../src/stacks/real.ts';
import { lacks } from '../support/needs.ts';
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
});

import { existsSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, wdevNow, type Outcome } from '../support/watch.ts';

const NAME = `test-reboot-${process.pid}`;
const CONF = '/etc/asterisk/extensions_extra.d/demo-hello.conf';
const LIMIT = { timeout: 600_000, interval: 100 };

/** Holds the plugin's install for as long as the first file is there; the second says that it has begun. */
const HOLD = '[ ! -e /root/hold ] || { touch /root/held; while [ -e /root/hold ]; do sleep 0.1; done; }';

describe.skipIf(lacks('real'))('a target that is restarted in the middle of a batch', () => {
  let stack: RealStack;
  let place: ReturnType<typeof project>;
  let source = '';
  let env: Record<string, string> = {};

  beforeAll(async () => {
    place = project();
    const plugin = makePlugin(place.dir, 'hello');
    source = path.join(plugin, CONF.slice(1));
    const rules = path.join(plugin, 'wazo/rules');
    writeFileSync(
      rules,
      readFileSync(rules, 'utf8').replace(/^ *install\)\n/m, (line) => `${line}${HOLD}\n`),
    );
    stack = await upReal(NAME, { forUs: true });
    env = { WDEV_SSH_CONFIG: stack.sshConfig };
  });

  afterAll(async () => {
    await downReal(NAME);
    await place.remove();
  });

  const on = (...words: readonly string[]): Outcome =>
    wdevNow([...words, '--target', 'ssh://stack'], place.dir, env);
  const here = (file: string): string => path.join(stack.rootfs, file);

  /**
   * Restarts the machine, without a word to its programs, once the plugin's install runs; and waits until it is up.
   * @param whenDown called between
   */
  async function restartIt(whenDown?: () => void): Promise<void> {
    await vi.waitFor(() => expect(existsSync(here('/root/held'))).toBe(true), LIMIT);
    const before = stack.pid;
    try {
      inside(stack, 'systemctl reboot -ff');
    } catch {
      // it took the shell with it
    }
    await vi.waitFor(() => expect(existsSync(`/proc/${before}`)).toBe(false), LIMIT);
    whenDown?.();
    stack = await upReal(NAME, { forUs: true });
    // not before: install would run on, to its end
    for (const file of ['/root/hold', '/root/held']) rmSync(here(file), { force: true });
  }

  function untouched(): void {
    expect([existsSync(here(CONF)), existsSync(here('/var/lib/wdev'))]).toEqual([false, false]);
    expect(inside(stack, 'asterisk -rx "dialplan show demo-hello"')).toContain('There is no existence');
  }

  it('is told to be lost; what stands there is no success, and goes with wdev restore', async () => {
    writeFileSync(here('/root/hold'), '');
    const watch = new Watch(['--once', 'hello', '--target', 'ssh://stack'], place.dir, env);
    await restartIt();
    expect(await watch.ended()).toBe(3);
    expect(watch.events.map(({ event }) => event)).not.toContain('verified');
    expect(JSON.parse(on('status', '--json').stdout)).toMatchObject({ interrupted: true });
    expect(on('status').stdout).not.toContain('in use by');
    expect(on('restore').status).toBe(0);
    untouched();
  });

  it('is taken up again by a live watch, and verified only then', async () => {
    writeFileSync(here('/root/hold'), '');
    const watch = new Watch(['hello', '--target', 'ssh://stack'], place.dir, env);
    let seen: readonly string[] = [];
    await restartIt(() => (seen = watch.events.map(({ event }) => event)));
    expect(seen).toContain('plan');
    expect(seen).not.toContain('verified');
    await watch.next('verified');
    expect(inside(stack, 'asterisk -rx "dialplan show demo-hello"')).toContain("'s'");
    save(source, readFileSync(source, 'utf8').replaceAll('***42', '***43'));
    expect(await watch.next('verified')).toMatchObject({
      loaded: expect.arrayContaining(['xivo-extrafeatures: ***43']) as string[],
    });
    expect(await watch.stop()).toBe(130);
    expect(on('restore').status).toBe(0);
    untouched();
  });
});

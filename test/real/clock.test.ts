/** The clock of a target is set by hours, between saves and in the middle of one, for all its programs. */
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { inside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, wdevNow, type Outcome } from '../support/watch.ts';

const NAME = `test-clock-${process.pid}`;
const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const MODULE = 'demo_py/calld/plugin.py';

/** Debian's libfaketime, which gives each program of the machine a clock that a file there sets. */
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const SET = '/etc/faketimerc';
// journald ends where the library sets its clock back
const ENVIRONMENT = 'FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_SKIP_CMDS=systemd-journald';

const UNIT = `[Unit]
StartLimitIntervalSec=0
[Service]
Restart=always
RestartSec=0
ExecStart=/usr/bin/calld-stub 9500
`;

/** A plugin of wazo-calld; `load` are the lines of its load(). */
const module = (...load: readonly string[]): string =>
  `import os
import traceback


class Plugin:
    def load(self, dependencies):
${load.map((line) => `        ${line}\n`).join('')}`;

/** Ends at its first start with a traceback in the journal alone, at all others without a word, once the clock is set. */
const ENDS = module(
  "first = not os.path.exists('/root/told')",
  "open('/root/told', 'w').close()",
  'try:',
  "    raise ValueError('too early')",
  'except ValueError:',
  '    if first:',
  '        traceback.print_exc()',
  `with open('${SET}', 'w') as clock:`,
  "    clock.write('+HOURSh')",
  'os._exit(1)',
);

describe.skipIf(lacks('real') || !existsSync(LIBRARY))('a target whose clock is set', () => {
  let stack: RealStack;
  let place: ReturnType<typeof project>;
  let env: Record<string, string> = {};
  let watch: Watch | undefined;

  const on = (...words: readonly string[]): Outcome =>
    wdevNow([...words, '--target', 'ssh://stack'], place.dir, env);
  const setClock = (hours: number): void => writeFileSync(path.join(stack.rootfs, SET), `+${hours}h\n`);
  const hoursAhead = (): number => {
    const { stdout } = wdevNow(
      ['stack', 'exec', '--name', NAME, '--', 'env', ...ENVIRONMENT.split(' '), 'date', '+%s'],
      place.dir,
    );
    return Math.abs(Math.round((Number(stdout) - Date.now() / 1000) / 3600));
  };

  /** Saves the dialplan, and expects that this very save is verified. */
  async function good(watch: Watch, says: string): Promise<void> {
    watch.forget();
    save(path.join(place.dir, 'hello', CONF), `[demo-hello]\nexten = s,1,NoOp(${says})\n`);
    await watch.next('verified');
    expect(inside(stack, 'asterisk -rx "dialplan show demo-hello"')).toContain(says);
  }

  async function bad(watch: Watch): Promise<void> {
    watch.forget();
    save(path.join(place.dir, 'hello', CONF), '[demo-hello]\nexten = s,1,NoOp(x)\nexten = s,1,NoOp(y)\n');
    expect((await watch.next('failed')).findings[0]).toMatchObject({ file: CONF, line: 3 });
  }

  beforeAll(async () => {
    place = project();
    makePlugin(place.dir, 'hello');
    expect(
      wdevNow(['new', 'stack', 'py', '--namespace', 'demo', '--part', 'calld', '--yes'], place.dir).status,
    ).toBe(0);
    stack = await upReal(NAME, { forUs: true });
    env = { WDEV_SSH_CONFIG: stack.sshConfig };
    const stub = path.join(stack.rootfs, 'usr/bin/calld-stub');
    copyFileSync(path.join(import.meta.dirname, '../support/calld-stub.py'), stub);
    chmodSync(stub, 0o755);
    copyFileSync(LIBRARY, path.join(stack.rootfs, 'usr/lib/libfaketime.so.1'));
    setClock(0);
    writeFiles(stack.rootfs, {
      'usr/lib/systemd/system/wazo-calld.service': UNIT,
      // the first process was there before, and keeps its clock
      'etc/systemd/system/service.d/clock.conf': `[Service]\nEnvironment=${ENVIRONMENT}\n`,
      'etc/ssh/sshd_config.d/clock.conf': `SetEnv ${ENVIRONMENT}\n`,
      'etc/ld.so.preload': '/usr/lib/libfaketime.so.1\n',
    });
    inside(
      stack,
      'systemctl daemon-reload; systemctl restart systemd-journald ssh asterisk; systemctl start wazo-calld; asterisk -rx "core waitfullybooted"',
    );
  });

  afterAll(async () => {
    await downReal(NAME);
    await place.remove();
  });

  afterEach(async () => {
    await watch?.stop();
    watch = undefined;
  });

  it('is taken as it is by saves, refusals, why, status and logs', async () => {
    watch = new Watch(['hello', '--target', 'ssh://stack'], place.dir, env);
    await watch.next('verified');
    for (const hours of [3, 0, 30, 1]) {
      setClock(hours);
      expect(hoursAhead()).toBe(hours);
      await good(watch, `by ${hours} hours`);
      await bad(watch);
      await good(watch, `again ${hours}`);
      expect(on('why', 'hello')).toMatchObject({ status: 0 });
      expect(on('logs', '--lines', '5').status).toBe(0);
    }
    expect(await watch.stop()).toBe(130);
    expect(on('status')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('demo/hello') as string,
    });
    expect(on('restore').status).toBe(0);
  });

  it.each([5, 0])('in the middle of an install, to %i hours, is no matter', async (hours) => {
    setClock(2);
    const rules = path.join(place.dir, 'hello/wazo/rules');
    const text = readFileSync(rules, 'utf8');
    const hold = `echo '+${hours}h' >${SET}; touch /root/set`;
    writeFileSync(
      rules,
      text.replace(/^ *install\)\n/m, (line) => `${line}${hold}\n`),
    );
    const { status, stdout } = on('watch', '--once', 'hello');
    expect([status, stdout]).toEqual([0, expect.stringContaining('✓ demo/hello')]);
    expect(existsSync(path.join(stack.rootfs, 'root/set'))).toBe(true);
    expect(hoursAhead()).toBe(hours);
    expect(on('restore').status).toBe(0);
    writeFileSync(rules, text);
  });

  it.each([3, 0])('while a service ends again and again, to %i hours, hides no reason', async (hours) => {
    setClock(1);
    inside(stack, 'rm -f /root/told');
    save(path.join(place.dir, 'py', MODULE), module("return 'good'"));
    const now = (watch = new Watch(['py', '--target', 'ssh://stack'], place.dir, env));
    await now.next('verified');
    save(path.join(place.dir, 'py', MODULE), ENDS.replace('HOURS', String(hours)));
    const { findings } = await now.next('failed');
    expect(hoursAhead()).toBe(hours);
    expect(findings[0]).toMatchObject({ file: MODULE, line: 10 });
    expect((await now.next('rolled-back')).live).toMatch(/restored$/);
    expect(await now.stop()).toBe(130);
    expect(on('restore').status).toBe(0);
    rmSync(path.join(stack.rootfs, 'root/told'), { force: true });
  });
});

import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, upReal, type RealStack } from '../../src/stacks/real.ts';
import { inside as runInside } from '../support/machines.ts';
import { lacks } from '../support/needs.ts';
import { writeFiles } from '../support/python-plugin.ts';
import { save as saveWhole, saveTogether } from '../support/save.ts';
import { Watch, project, wdevNow } from '../support/watch.ts';

const NAME = `test-restarts-${process.pid}`;
const TARGET = ['--target', `stack:${NAME}`];
const MODULE = 'demo_py/calld/plugin.py';
const SETTINGS = 'etc/wazo-calld/conf.d/50-demo-py.yml';
const BY_RULES = 'restarted by wazo/rules install';

/** A wazo-calld that writes down its starts; these rules restart it plainly, and the tests do so often. */
const UNIT = `[Unit]
StartLimitIntervalSec=0
[Service]
ExecStartPre=/bin/sh -c 'echo start >>/run/starts; rm -f /run/end'
ExecStart=/usr/bin/calld-stub 9500
`;

/** A plugin that says a word, and that does something when END is there. */
const END = '/run/end';
const plugin = (says: string, later = ''): string => `import logging
import os
import threading
import time
import traceback


class Plugin:
    def load(self, dependencies):
        threading.Thread(target=self.later, daemon=True).start()
        return '${says}'

    def later(self):
        while not os.path.exists('${END}'):
            time.sleep(0.02)
        try:
            ${later === '' ? 'pass' : later}
        except Exception:
            REPORT
            os._exit(1)
`;
const LOGGED = "logging.getLogger('demo').exception('it broke')";
const dies = (report: string): string =>
  plugin('broken', "raise ValueError('too late')").replace('REPORT', report);
const lives = (says: string): string => plugin(says).replace('REPORT', LOGGED);

/** The restarts of a service on a stack of their own, with this mode of its perl. */
export function restartsWithPerl(mode: '755' | '644'): void {
  describe.skipIf(lacks('real'))(`restarts on a real stack, perl's mode being ${mode}`, () => restarts(mode));
}

function restarts(mode: string): void {
  const place = project();
  let dir = '';
  let stack: RealStack;
  let watch: Watch | undefined;

  const inside = (script: string): string => runInside(stack, script);
  const served = (): string => inside(`bash -c 'cat </dev/tcp/127.0.0.1/9500'`);
  const starts = (): number => Number(inside('cat /run/starts 2>/dev/null | wc -l; : >/run/starts'));
  const save = (module: string): void => saveWhole(path.join(dir, MODULE), module);
  /** The service that is verified ends now: without a shell there, which may take longer than it is looked at. */
  const endNow = (): void => writeFileSync(`/proc/${stack.pid}/root${END}`, '');

  /** The text of rules whose install runs these commands. */
  function rules(install: string): string {
    return readFileSync(path.join(dir, 'wazo/rules'), 'utf8').replace(
      /\n {4}install\)\n[^]*? {8};;\n/,
      `\n    install)\n        # wdev: ignore rules-service-not-restarted the loop does it\n        ${install}\n        ;;\n`,
    );
  }

  /** New rules and a new module, as one batch. */
  function saveBoth(install: string, module: string): void {
    saveTogether({ [path.join(dir, 'wazo/rules')]: rules(install), [path.join(dir, MODULE)]: module });
  }

  const done = (): readonly unknown[] =>
    watch?.events.filter((event) => event.event === 'action' && event.do === 'restart wazo-calld') ?? [];

  beforeAll(async () => {
    stack = await upReal(NAME, { forUs: true });
    const stub = path.join(stack.rootfs, 'usr/bin/calld-stub');
    copyFileSync(path.join(import.meta.dirname, '../support/calld-stub.py'), stub);
    chmodSync(stub, 0o755);
    writeFileSync(path.join(stack.rootfs, 'usr/lib/systemd/system/wazo-calld.service'), UNIT);
    inside(`systemctl daemon-reload; systemctl start wazo-calld; chmod ${mode} /usr/bin/perl`);
    wdevNow(['new', 'stack', 'py', '--namespace', 'demo', '--part', 'calld', '--yes'], place.dir);
    dir = path.join(place.dir, 'py');
    // rules and module are replaced one after the other, and are one batch
    writeFiles(dir, { 'wdev.yml': 'quiet: 500\n' });
  });

  afterAll(async () => {
    await downReal(NAME);
    await place.remove();
  });

  /** A target with nothing on it, and a plugin that does nothing special. */
  async function begin(...flags: readonly string[]): Promise<Watch> {
    watch = new Watch(['py', ...TARGET, ...flags], place.dir);
    await watch.next('verified');
    return watch;
  }

  async function end(): Promise<void> {
    await watch?.stop();
    watch = undefined;
    expect(wdevNow(['restore', ...TARGET], place.dir).status).toBe(0);
  }

  describe('by a plugin’s own rules', () => {
    let word = '';
    let batches = 0;
    let now: Watch;

    /** One batch with new rules and a new module. */
    async function bring(install: string): Promise<void> {
      word = `better ${(batches += 1)}`;
      starts();
      now.forget();
      saveBoth(install, lives(word));
      await now.next('verified');
      expect(served()).toContain(word);
    }

    beforeAll(async () => {
      saveBoth(':', lives('good'));
      now = await begin();
    });
    afterAll(async () => await end());

    it('are not done again', async () => {
      await bring('systemctl restart wazo-calld');
      expect(starts()).toBe(1);
      expect(done().at(-1)).toMatchObject({ ok: true, output: BY_RULES });
      expect(now.events.findLast(({ event }) => event === 'verified')).toMatchObject({
        loaded: expect.arrayContaining([`wazo-calld answers, ${BY_RULES}`]),
      });
      const plan = now.events.findLast(({ event }) => event === 'plan');
      expect(JSON.stringify(plan)).toContain('left to wazo/rules install if that does it');
    });

    it('are done again when a file of the plugin is changed after them', async () => {
      const installed = `/${SETTINGS}`;
      await bring(`systemctl restart wazo-calld; echo "# late" >>${installed}`);
      expect(starts()).toBe(2);
      expect(done().at(-1)).not.toHaveProperty('output');
    });

    it('are done again when other settings of the service come after them', async () => {
      const other = '/etc/wazo-calld/conf.d/99-other.yml';
      await bring(`rm -f ${other}; systemctl restart wazo-calld; echo "other: 1" >${other}`);
      expect(starts()).toBe(2);
      inside(`rm -f ${other}`);
    });

    it('are not done again when the files were changed before them', async () => {
      await bring(`echo "# early" >>/${SETTINGS}; sleep 0.1; systemctl restart wazo-calld`);
      expect(starts()).toBe(1);
    });

    it('are judged by what the service logged since the rules began', async () => {
      await bring('systemctl restart wazo-calld');
      now.forget();
      saveBoth(
        'systemctl restart wazo-calld; : again',
        lives('worse').replace("return 'worse'", "raise KeyError('x')"),
      );
      expect((await now.next('failed')).findings[0]).toMatchObject({
        code: 'service-load-failed',
        file: MODULE,
        line: 11,
      });
      await now.next('rolled-back');
      expect(served()).toContain(word);
    });
  });

  describe('after which the service ends', () => {
    const line = (text: string): number => text.split('\n').findIndex((one) => one.includes('raise ')) + 1;

    describe('under one watch', () => {
      let now: Watch;

      beforeAll(async () => {
        saveBoth(':', lives('good'));
        now = await begin();
      });
      afterAll(async () => await end());

      /** A batch whose services were read once more. */
      async function good(): Promise<void> {
        now.forget();
        save(lives('good'));
        await now.next('settled');
        now.forget();
      }

      it.each([
        ['told in its log', LOGGED],
        ['told in the journal', 'traceback.print_exc()'],
      ])('are failed, and rolled back: %s', async (_where, report) => {
        await good();
        const from = now.events.length;
        save(dies(report));
        await now.next('verified');
        endNow();
        const failed = await now.next('failed');
        expect(failed.findings).toEqual([
          expect.objectContaining({
            code: 'service-ended',
            level: 'error',
            message: 'wazo-calld came up after its restart and ended a moment later (ValueError: too late)',
            file: MODULE,
            line: line(dies(report)),
          }),
        ]);
        expect((await now.next('rolled-back')).live).toMatch(/^demo\/py .*, restored$/);
        expect(served()).toContain('good');
        save(lives('fixed'));
        await now.next('verified');
        expect(served()).toContain('fixed');
        await now.next('settled');
        expect(now.events.slice(from).filter(({ event }) => event === 'failed')).toHaveLength(1);
      });

      it('are failed when systemd starts it again', async () => {
        await good();
        const folder = '/run/systemd/system/wazo-calld.service.d';
        inside(
          `mkdir -p ${folder}; printf "[Service]\\nRestart=always\\nRestartSec=0\\n" >${folder}/again.conf; systemctl daemon-reload`,
        );
        save(dies(LOGGED));
        await now.next('verified');
        endNow();
        const failed = await now.next('failed');
        expect(failed.findings[0]).toMatchObject({
          message: expect.stringContaining('and systemd starts it again') as string,
          line: line(dies(LOGGED)),
        });
        await now.next('rolled-back');
        expect(served()).toContain('good');
        inside(`rm -r ${folder}; systemctl daemon-reload`);
      });

      it('are failed before a save that comes meanwhile', async () => {
        await good();
        save(dies(LOGGED));
        await now.next('verified');
        endNow();
        inside('while systemctl --quiet is-active wazo-calld; do sleep 0.02; done');
        save(lives('quick'));
        expect(await now.next('failed')).toMatchObject({ findings: [{ code: 'service-ended' }] });
        await now.next('rolled-back');
        await now.next('verified');
        expect(served()).toContain('quick');
      });

      it('are none of its batch when somebody restarts the service', async () => {
        await good();
        save(lives('fine'));
        await now.next('verified');
        const from = now.events.length;
        inside('systemctl restart wazo-calld');
        await now.next('settled');
        expect(now.events.slice(from).some(({ event }) => event === 'failed')).toBe(false);
      });
    });

    it('stay with --keep-broken', async () => {
      save(lives('good'));
      const now = await begin('--keep-broken');
      await now.next('settled');
      save(dies(LOGGED));
      await now.next('verified');
      endNow();
      await now.next('failed');
      expect(inside('systemctl is-active wazo-calld || :')).toBe('failed\n');
      save(lives('fixed'));
      await now.next('verified');
      expect(now.events.some(({ event }) => event === 'rolled-back')).toBe(false);
      await end();
    });

    it('fail with --once too, and the version of before serves', async () => {
      save(lives('good'));
      const once = ['py', '--once', ...TARGET];
      expect(wdevNow(['watch', ...once], place.dir).status).toBe(0);
      save(dies(LOGGED));
      const now = new Watch(once, place.dir);
      // it is up, and is looked at until it is called verified
      for (let done = ''; done !== 'restart wazo-calld';) done = (await now.next('action')).do;
      endNow();
      expect((await now.next('failed')).findings[0]).toMatchObject({
        level: 'error',
        message: expect.stringContaining('wazo-calld came up') as string,
        file: MODULE,
        line: line(dies(LOGGED)),
      });
      expect((await now.next('rolled-back')).live).toContain(', restored');
      expect(await now.ended()).toBe(1);
      expect(served()).toContain('good');
      await end();
    });
  });
}

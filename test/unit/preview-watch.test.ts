import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { run } from '../../src/support/run.ts';
import { save as saveWhole } from '../support/save.ts';
import { startWatch, type WatchEvent, type Watching } from '../support/watching.ts';
import { wdev } from '../support/wdev.ts';

const SETTLED = (event: WatchEvent): boolean => event.event === 'verified' || event.event === 'failed';

describe('wdev watch of a confgend driver on the embedded stack', () => {
  let project: string;
  let driver: string;
  let settings: string;
  let good: string;
  let goodSettings: string;
  let watching: Watching;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'my-pbx');
    await wdev(['new', 'confgend', 'my-pbx', '--namespace', 'demo', '--yes'], { cwd: folder });
    driver = path.join(project, 'demo_my_pbx_confgend/driver.py');
    settings = path.join(project, 'etc/wazo-confgend/conf.d/50-demo-my-pbx.yml');
    good = readFileSync(driver, 'utf8');
    goodSettings = readFileSync(settings, 'utf8');
    watching = startWatch(project);
    expect(await watching.next(SETTLED)).toMatchObject({ event: 'verified' });
  });

  afterAll(async () => {
    await watching.stop();
    await downEmbedded(project);
    rmSync(path.dirname(project), { recursive: true });
  });

  async function save(file: string, text: string): Promise<WatchEvent> {
    const settled = watching.next(SETTLED);
    saveWhole(file, text);
    return await settled;
  }

  it('shows the difference of the generated file at each save', async () => {
    for (let turn = 0; turn < 9; turn++) {
      const previewed = watching.next(({ event }) => event === 'preview');
      const settled = watching.next(SETTLED);
      saveWhole(driver, good.replace('changes here', `change ${turn}`));
      const event = await previewed;
      const before = turn === 0 ? 'changes here' : `change ${turn - 1}`;
      expect(event['name']).toBe('asterisk/my_pbx.conf');
      expect(event['diff']).toEqual(
        expect.arrayContaining([
          expect.stringMatching(new RegExp(`^-; .*${before}`)),
          expect.stringMatching(new RegExp(`^\\+; .*change ${turn}`)),
        ]),
      );
      expect(await settled).toMatchObject({ event: 'verified' });
    }
    await save(driver, good);
  });

  const body = (text: string): string =>
    good.replace(
      / {4}def generate\(self\) -> str:\n[^]*?(?=\n\n\n)/,
      `    def generate(self):\n        ${text}`,
    );
  const init = (text: string): string =>
    good.replace('        self._settings =', `        ${text}\n        self._settings =`);

  // wazo-confgend, errors and the content cache: what a server hides, one row each
  const rows: readonly [string, () => string, string][] = [
    ['generate() raises', () => body("raise ValueError('x')"), 'driver-raised'],
    ["returns ''", () => body("return ''"), 'driver-empty'],
    ['returns None', () => body('return None'), 'driver-none'],
    ['returns bytes', () => body("return b'x'"), 'driver-bytes'],
    ['the constructor raises', () => init("raise KeyError('x')"), 'driver-init-failed'],
    ['the import raises', () => `import acme_nowhere\n${good}`, 'driver-import-failed'],
    ['the constructor raises RuntimeError', () => init("raise RuntimeError('x')"), 'driver-runtime-error'],
  ];

  it.each(rows)('tells this failure from the others: %s', async (_what, text, code) => {
    const line =
      text()
        .split('\n')
        .findIndex((row, at) => row !== good.split('\n')[at]) + 1;
    const event = await save(driver, text());
    expect(event).toMatchObject({
      event: 'failed',
      findings: [{ code, file: 'demo_my_pbx_confgend/driver.py' }],
    });
    const [finding] = event['findings'] as { line: number }[];
    expect(Math.abs((finding?.line ?? 0) - line)).toBeLessThanOrEqual(1);
    // the version before still serves
    const served = await run([path.join(project, '.wdev/stack/bin/wazo-confgen'), 'asterisk/my_pbx.conf']);
    expect(served.stdout).toContain('changes here are lost');
    expect(await save(driver, good)).toMatchObject({ event: 'verified' });
  });

  it('tells a driver that the settings do not name from one that fails', async () => {
    const event = await save(settings, goodSettings.replace('demo_my_pbx\n', 'demo_other\n'));
    expect(event).toMatchObject({
      event: 'failed',
      findings: [{ code: 'entry-point-not-enabled', file: 'etc/wazo-confgend/conf.d/50-demo-my-pbx.yml' }],
    });
    expect(await save(settings, goodSettings)).toMatchObject({ event: 'verified' });
  });

  it('tells two packages with one driver name apart from an unknown name', async () => {
    const folder = path.join(path.dirname(project), 'pair');
    for (const name of ['one', 'two'])
      cpSync(project, path.join(folder, name), {
        recursive: true,
        filter: (from) => !from.includes('.wdev'),
      });
    const setup = path.join(folder, 'two/setup.py');
    writeFileSync(
      setup,
      readFileSync(setup, 'utf8')
        .replaceAll('demo_my_pbx_confgend', 'demo_two_confgend')
        .replace("name='demo-my-pbx-confgend'", "name='demo-two-confgend'"),
    );
    cpSync(path.join(folder, 'two/demo_my_pbx_confgend'), path.join(folder, 'two/demo_two_confgend'), {
      recursive: true,
    });
    // its own settings, which enable the same name
    rmSync(path.join(folder, 'two/etc/asterisk'), { recursive: true });
    const settingsOf = path.join(folder, 'two/etc/wazo-confgend/conf.d');
    renameSync(path.join(settingsOf, '50-demo-my-pbx.yml'), path.join(settingsOf, '51-demo-two.yml'));
    const makefile = path.join(folder, 'two/Makefile');
    writeFileSync(
      makefile,
      readFileSync(makefile, 'utf8')
        .replace(/^\tinstall -D.*etc\/asterisk.*\n/m, '')
        .replaceAll('50-demo-my-pbx.yml', '51-demo-two.yml'),
    );
    const result = await wdev(['watch', '--once', '--json', 'one', 'two'], { cwd: folder });
    await downEmbedded(folder);
    expect(result.status).toBe(1);
    const failed = result.stdout.split('\n').filter((line) => line.includes('"event":"failed"'));
    expect(failed.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { plugin: 'demo-two-confgend', findings: [{ code: 'driver-registered-twice' }] },
    ]);
  });
});

describe('wdev watch of a call-logger plugin', () => {
  it('replays tests/lines.txt on each save, and shows what became of the records', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    const project = path.join(folder, 'siemens');
    await wdev(['new', 'call-logger', 'siemens', '--namespace', 'demo', '--yes'], { cwd: folder });
    const file = path.join(project, 'demo_siemens_call_logger/plugin/demo_siemens.py');
    const watching = startWatch(project);
    try {
      await watching.next(SETTLED);
      await sleep(100);
      const previewed = watching.next(({ event }) => event === 'preview');
      const settled = watching.next(SETTLED);
      saveWhole(
        file,
        readFileSync(file, 'utf8').replace("'number': match['number']", "'number': '+' + match['number']"),
      );
      const event = await previewed;
      expect(event['name']).toBe('records of tests/lines.txt');
      expect(event['diff']).toContain('+{"call_type":0,"ext":101,"line":2,"number":"+0876156584"}');
      expect(await settled).toMatchObject({ event: 'verified' });
    } finally {
      await watching.stop();
      await downEmbedded(project);
      rmSync(folder, { recursive: true });
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal, type RealStack } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { save as saveWhole } from '../support/save.ts';
import { startWatch, type WatchEvent, type Watching } from '../support/watching.ts';
import { wdev } from '../support/wdev.ts';

const NAME = `confgend-${process.pid}`;
const SETTLED = (event: WatchEvent): boolean => event.event === 'verified' || event.event === 'failed';

describe.skipIf(lacks('real'))('wdev watch of a driver on the real stack', () => {
  let project: string;
  let driver: string;
  let good: string;
  let stack: RealStack;
  let watching: Watching;

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'hello');
    stack = await upReal(NAME, { forUs: true });
    await wdev(['new', 'confgend', 'hello', '--namespace', 'demo', '--yes'], { cwd: folder });
    driver = path.join(project, 'demo_hello_confgend/driver.py');
    const generated = readFileSync(driver, 'utf8');
    // a dialplan, so that Asterisk has something to read back
    const lines = "['[made]', 'exten = 1,1,NoOp(one)']";
    good = generated.replace(
      / {4}def generate\(self\) -> str:\n[^]*?(?=\n\n\n)/,
      `    def generate(self):\n        return '\\n'.join(${lines}) + '\\n'`,
    );
    writeFileSync(driver, good);
    watching = startWatch(project, ['--target', `stack:${NAME}`]);
    expect(await watching.next(SETTLED)).toMatchObject({ event: 'verified' });
  });

  afterAll(async () => {
    await watching?.stop();
    await downReal(NAME);
    rmSync(path.dirname(project), { recursive: true });
  });

  async function save(text: string): Promise<WatchEvent> {
    const settled = watching.next(SETTLED);
    saveWhole(driver, text);
    return await settled;
  }

  async function inside(script: string): Promise<string> {
    const [program, ...args] = realShell(stack).argv;
    return (await run([program, ...args], { input: script })).stdout;
  }

  it('serves the file, which Asterisk reads through #exec', async () => {
    expect(await inside('wazo-confgen asterisk/hello.conf')).toBe(
      await inside('cat /var/cache/wazo-confgend/asterisk/hello.conf'),
    );
    await inside(`echo '#exec /usr/bin/wazo-confgen asterisk/hello.conf' >/etc/asterisk/extensions_extra.d/made.conf
asterisk -rx 'dialplan reload'`);
    expect(await inside("asterisk -rx 'dialplan show made'")).toContain('1. NoOp(one)');
    expect(await save(good.replace('NoOp(one)', 'NoOp(two)'))).toMatchObject({ event: 'verified' });
    await inside("asterisk -rx 'dialplan reload'");
    expect(await inside("asterisk -rx 'dialplan show made'")).toContain('1. NoOp(two)');
    expect(await save(good)).toMatchObject({ event: 'verified' });
  });

  const body = (text: string): string => good.replace(/return '\\n'\.join.*/, text);
  const init = (text: string): string =>
    good.replace('        self._settings =', `        ${text}\n        self._settings =`);

  // wazo-confgend, errors and the content cache: what the target itself shows of each
  const rows: readonly [string, () => string, string, string | undefined][] = [
    ['generate() raises', () => body("raise ValueError('x')"), 'driver-raised', 'confgend-generate-raised'],
    ["returns ''", () => body("return ''"), 'driver-empty', 'confgend-stale'],
    ['returns None', () => body('return None'), 'driver-none', 'confgend-stale'],
    ['returns bytes', () => body("return b'x'"), 'driver-bytes', 'confgend-empty'],
    ['the constructor raises', () => init("raise KeyError('x')"), 'driver-init-failed', 'confgend-empty'],
    ['the import raises', () => `import acme_nowhere\n${good}`, 'driver-import-failed', 'confgend-empty'],
    [
      'RuntimeError in the constructor',
      () => init("raise RuntimeError('x')"),
      'driver-runtime-error',
      'confgend-no-handler',
    ],
  ];

  it.each(rows)(
    'tells %s by what a preview and the target say, and rolls it back',
    async (_what, text, previewed, onTarget) => {
      const from = watching.events.length;
      const event = await save(text());
      const since = watching.events.slice(from);
      expect(since).toContainEqual(expect.objectContaining({ event: 'finding', code: previewed }));
      expect(event).toMatchObject({
        event: 'failed',
        findings: [expect.objectContaining({ code: onTarget })],
      });
      expect(await save(good)).toMatchObject({ event: 'verified' });
      expect(await inside('wazo-confgen asterisk/hello.conf')).toBe('[made]\nexten = 1,1,NoOp(one)\n');
    },
  );
});

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downReal, realShell, upReal, type RealStack } from '../../src/stacks/real.ts';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { save } from '../support/save.ts';
import { startWatch, type WatchEvent, type Watching } from '../support/watching.ts';
import { wdev } from '../support/wdev.ts';

const NAME = `pjsip-${process.pid}`;
const SETTLED = (event: WatchEvent): boolean => event.event === 'verified' || event.event === 'failed';

describe.skipIf(lacks('real'))('a driver of pjsip.conf on the real stack', () => {
  let project: string;
  let driver: string;
  let stack: RealStack;
  let watching: Watching;

  const source = (name: string, contacts: number): string => `class ${name}:
    def __init__(self, dependencies):
        pass

    def generate(self):
        return '[made]\\ntype = aor\\nmax_contacts = ${contacts}\\n'
`;

  async function inside(script: string): Promise<string> {
    const [program, ...args] = realShell(stack).argv;
    return (await run([program, ...args], { input: script })).stdout;
  }

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'pjsip');
    stack = await upReal(NAME, { forUs: true });
    await wdev(['new', 'confgend', 'pjsip', '--namespace', 'demo', '--yes'], { cwd: folder });
    driver = path.join(project, 'demo_pjsip_confgend/driver.py');
    expect(readdirSync(path.join(project, 'etc/wazo-confgend/conf.d'))).toHaveLength(1);
    const name = /^class (\w+)/m.exec(readFileSync(driver, 'utf8'))?.[1] ?? '';
    writeFileSync(driver, source(name, 1));
    // as wazo-asterisk-config has it
    await inside(
      "echo '#exec /usr/bin/wazo-confgen asterisk/pjsip.conf --cached' >/etc/asterisk/pjsip.d/50-made.conf",
    );
    watching = startWatch(project, ['--target', `stack:${NAME}`]);
    expect(await watching.next(SETTLED)).toMatchObject({ event: 'verified' });
  });

  afterAll(async () => {
    await watching?.stop();
    await downReal(NAME);
    rmSync(path.dirname(project), { recursive: true });
  });

  const contacts = async (): Promise<string | undefined> =>
    /max_contacts\s*:\s*(\d+)/.exec(await inside("asterisk -rx 'pjsip show aor made'"))?.[1];

  it('is read by Asterisk in its new text, in spite of the cache', async () => {
    expect(await contacts()).toBe('1');
    const settled = watching.next(SETTLED);
    save(driver, readFileSync(driver, 'utf8').replace('max_contacts = 1', 'max_contacts = 7'));
    const event = await settled;
    expect(event).toMatchObject({ event: 'verified' });
    expect(event['loaded']).toContain('asterisk/pjsip.conf: read by Asterisk');
    expect(await contacts()).toBe('7');
  });

  it('stays as it was when the driver fails', async () => {
    const good = readFileSync(driver, 'utf8');
    const back = watching.next(({ event }) => event === 'rolled-back');
    save(driver, good.replace('return ', 'return 1 / 0 or '));
    await back;
    expect(await contacts()).toBe('7');
    expect(await inside('wazo-confgen asterisk/pjsip.conf --cached')).toContain('max_contacts = 7');
    const settled = watching.next(SETTLED);
    save(driver, good);
    expect(await settled).toMatchObject({ event: 'verified' });
  });
});

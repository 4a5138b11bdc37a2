import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downEmbedded } from '../../src/stacks/embedded.ts';
import { run } from '../../src/support/run.ts';
import { save } from '../support/save.ts';
import { startWatch, type WatchEvent, type Watching } from '../support/watching.ts';
import { wdev } from '../support/wdev.ts';

const SETTLED = (event: WatchEvent): boolean => event.event === 'verified' || event.event === 'failed';

const ROWS = `preview:
  dao:
    queue_dao.find("sales"): [{name: sales, size: 7}]
    queue_dao.find("help", limit=2): [{name: help, size: 2}]
`;

describe('a driver that reads the database, on the embedded stack', { timeout: 240_000 }, () => {
  let project: string;
  let driver: string;
  let watching: Watching;

  const source = (call: string): string => `from xivo_dao import queue_dao


class DemoHello:
    def __init__(self, dependencies):
        pass

    def generate(self):
        return ''.join(f'[{row.name}]\\nsize = {row.size}\\n' for row in ${call})
`;

  async function saved(file: string, text: string): Promise<WatchEvent> {
    const settled = watching.next(SETTLED);
    save(file, text);
    return await settled;
  }

  async function served(): Promise<string> {
    const wazoConfgen = path.join(project, '.wdev/stack/bin/wazo-confgen');
    return (await run([wazoConfgen, 'asterisk/hello.conf'])).stdout;
  }

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
    project = path.join(folder, 'hello');
    await wdev(['new', 'confgend', 'hello', '--namespace', 'demo', '--yes'], { cwd: folder });
    driver = path.join(project, 'demo_hello_confgend/driver.py');
    const name = /^class (\w+)/m.exec(readFileSync(driver, 'utf8'))?.[1] ?? '';
    const text = source('queue_dao.find("sales")').replace('DemoHello', name);
    writeFileSync(driver, text);
    writeFileSync(path.join(project, 'wdev.yml'), ROWS);
    watching = startWatch(project);
    expect(await watching.next(SETTLED)).toMatchObject({ event: 'verified' });
  }, 300_000);

  afterAll(async () => {
    await watching.stop();
    await downEmbedded(project);
    rmSync(path.dirname(project), { recursive: true });
  });

  it('gets the rows of wdev.yml', async () => {
    expect(await served()).toBe('[sales]\nsize = 7\n');
  });

  it('gets those of the arguments that it calls with', async () => {
    const text = readFileSync(driver, 'utf8').replace('find("sales")', "find('help', limit=2)");
    expect(await saved(driver, text)).toMatchObject({ event: 'verified' });
    expect(await served()).toBe('[help]\nsize = 2\n');
  });

  it('says what is not declared, at the line of the call, and the text before serves on', async () => {
    const good = readFileSync(driver, 'utf8');
    const back = watching.next(({ event }) => event === 'rolled-back');
    const event = await saved(driver, good.replace("'help', limit=2", "'nobody'"));
    expect(event).toMatchObject({
      event: 'failed',
      findings: [{ code: 'confgend-generate-raised', file: 'demo_hello_confgend/driver.py', line: 9 }],
    });
    const [finding] = event['findings'] as { message: string }[];
    expect(finding?.message).toContain(
      'wdev.yml declares nothing for xivo_dao.queue_dao.find("nobody") (preview.dao); it does for ("sales"), ("help", limit=2)',
    );
    await back;
    expect(await served()).toBe('[help]\nsize = 2\n');
    expect(await saved(driver, good)).toMatchObject({ event: 'verified' });
  });

  it('is asked again when a row changes', async () => {
    const event = await saved(path.join(project, 'wdev.yml'), ROWS.replace('size: 2', 'size: 3'));
    expect(event).toMatchObject({ event: 'verified' });
    expect(event['loaded']).toContain('asterisk/hello.conf: 2 lines generated, changed');
    expect(await served()).toBe('[help]\nsize = 3\n');
  });
});

import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLogged, logFiles } from '../../src/effects/evidence/log-channels.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const EXTRA = 'etc/asterisk/extensions_extra.d';
const CONF = `${EXTRA}/demo-hello.conf`;

let place: ReturnType<typeof project>;
let plugin = '';
let watch: Watch | undefined;

beforeEach(() => {
  place = project();
  plugin = makePlugin(place.dir, 'hello');
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

async function start(): Promise<Watch> {
  watch = new Watch(['hello'], place.dir);
  await watch.next('verified');
  return watch;
}

describe('a dialplan file', () => {
  it('that is a link out of etc/ is no success, and one within the package is', async () => {
    const running = await start();
    const file = path.join(plugin, CONF);
    mkdirSync(path.join(plugin, 'dialplan'));
    renameSync(file, path.join(plugin, 'dialplan/demo-hello.conf'));
    symlinkSync('../../../dialplan/demo-hello.conf', file);
    const { id, findings } = await running.next('failed');
    expect(findings).toMatchObject([{ code: 'link-dangling', level: 'error', file: CONF }]);
    // check knows it, so the target is not touched
    expect(running.events.filter((event) => event.event === 'action' && event.id === id)).toEqual([]);
    rmSync(file);
    mkdirSync(path.join(plugin, 'etc/demo'));
    renameSync(path.join(plugin, 'dialplan/demo-hello.conf'), path.join(plugin, 'etc/demo/hello.conf'));
    symlinkSync('../../demo/hello.conf', file);
    expect(await running.next('verified')).toMatchObject({
      loaded: ['xivo-extrafeatures: ***42', 'demo-hello: s'],
      evidence: { verified: 1, placed: 1 },
    });
  });

  it('that Asterisk does not come to is no success', async () => {
    const running = await start();
    mkdirSync(path.join(plugin, EXTRA, 'more'));
    save(path.join(plugin, EXTRA, 'more/a.conf'), '[more]\nexten = 1,1,NoOp()\n');
    expect((await running.next('failed')).findings).toMatchObject([
      { code: 'dialplan-nothing-loaded', level: 'error', file: `${EXTRA}/more/a.conf` },
    ]);
  });

  it('that was emptied or removed is told with the extensions that are gone', async () => {
    const more = path.join(plugin, EXTRA, 'demo-more.conf');
    writeFileSync(more, '[demo-more]\nexten = 1,1,NoOp()\nexten = 2,1,NoOp()\n');
    const running = await start();
    save(path.join(plugin, CONF), '; nothing for now\n');
    expect(await running.next('verified')).toMatchObject({
      loaded: ['demo-more: 1 2', 'xivo-extrafeatures: ***42 gone', 'demo-hello: s gone'],
      evidence: { verified: 0, placed: 1 },
    });
    rmSync(more);
    expect((await running.next('verified')).loaded).toEqual(['demo-more: 1 2 gone']);
  });
});

it('says what is only placed', () => {
  writeFileSync(path.join(plugin, 'etc/demo.txt'), 'nobody reads it');
  const first = wdevNow(['watch', 'hello', '--once'], place.dir);
  expect(first.stdout).toMatch(/✓ .*\(1 file not verified\)/);
  expect(first.stdout).toContain('xivo-extrafeatures: ***42');
  writeFileSync(path.join(plugin, CONF), '[globals]\nACME = 1\n');
  const second = wdevNow(['watch', 'hello', '--once'], place.dir);
  expect(second.stdout).not.toContain('0 verified');
  writeFileSync(path.join(plugin, CONF), readFileSync(path.join(plugin, 'etc/demo.txt')));
  expect(wdevNow(['watch', 'hello', '--once'], place.dir).status).toBe(1);
});

it('says that no module reads its file where none runs', () => {
  const file = path.join(plugin, 'etc/asterisk/pjsip.d/50-demo.conf');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '[demo]\ntype = nonsense\n');
  const { stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
  expect(stdout).toMatch(/✓ .*\(1 file not verified\)/);
  expect(stdout).toContain('module reload res_pjsip.so: no reload: only the dialplan runs');
});

describe('the log of Asterisk', () => {
  const head =
    'Channel                             Type     Formatter  Status    Configuration\n-------                             ----     ---------  ------    -------------\n';
  const console =
    '                                    Console  default    Enabled    - NOTICE WARNING ERROR \n';
  const file = (name: string, status: string, levels: string): string =>
    `${name.padEnd(35)} File     default    ${status.padEnd(10)} - ${levels} \n`;

  it.each([
    ['no file', console, []],
    [
      'a file',
      console + file('/var/log/asterisk/full', 'Enabled', 'NOTICE WARNING ERROR VERBOSE'),
      ['/var/log/asterisk/full'],
    ],
    ['another file', file('/var/log/a/other', 'Enabled', 'WARNING ERROR'), ['/var/log/a/other']],
    ['a file that is off', file('/var/log/asterisk/full', 'Disabled', 'WARNING ERROR'), []],
    ['a file of calls only', file('/var/log/asterisk/full', 'Enabled', 'VERBOSE'), []],
  ])('is %s', (_what, text, files) => {
    expect(logFiles(head + text)).toEqual(files);
    expect(isLogged('', head + text)).toBe(files.length > 0);
  });

  it('is believed in where its console cannot tell', () => {
    expect(logFiles("No such command 'logger show channels'")).toBeUndefined();
    expect([isLogged('', ''), isLogged(undefined, '')]).toEqual([true, false]);
  });
});

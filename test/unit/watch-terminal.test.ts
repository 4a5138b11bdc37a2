import { lstatSync, readFileSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { save } from '../support/save.ts';
import { startSession, type Session } from '../support/session.ts';
import { makePlugin, pause, project } from '../support/watch.ts';
import { BIN } from '../support/wdev.ts';

let place: ReturnType<typeof project>;

beforeEach(() => {
  place = project();
  makePlugin(place.dir, 'hello');
});

afterEach(() => place.remove());

async function watching(folder: string): Promise<Session> {
  const session = startSession([process.execPath, BIN, 'watch', folder], {
    cwd: place.dir,
    env: { NO_COLOR: '1' },
  });
  await session.says('✓ demo/hello');
  return session;
}

describe('the end of wdev watch in a terminal', () => {
  it('is calm, and no failure, when q asked for it', async () => {
    const session = await watching('hello');
    session.type('q');
    await session.says('Stopped.\r\n');
    expect(await session.ended).toBe(0);
  });

  it('is told as an interruption after Ctrl-C', async () => {
    const session = await watching('hello');
    session.type('\u0003');
    await session.says('Stopped: interrupted.\r\n');
    expect(await session.ended).toBe(130);
  });
});

describe('with nothing changed', () => {
  const installed = (): string => path.join(place.dir, '.wdev/stack/root/etc/asterisk/extensions_extra.d');

  it.each([
    ['r brings every plugin again, and tells every service', 'r'],
    ['f takes everything off, then installs it in full', 'f'],
  ])('%s', async (_help, key) => {
    const session = await watching('hello');
    await session.says('skipped');
    const [file] = readdirSync(installed()).filter((name) => name.startsWith('demo-hello'));
    const before = lstatSync(path.join(installed(), file ?? '')).ctimeMs;
    session.type(key);
    await session.says('3 files, dialplan reload');
    session.type('q');
    await session.ended;
    expect(session.shown().match(/✓ demo\/hello {2}3 files, dialplan reload/g)).toHaveLength(2);
    expect(lstatSync(path.join(installed(), file ?? '')).ctimeMs).toBeGreaterThan(before);
  });

  it.each<[string, string, string]>([
    ['that Asterisk refuses', 'same = n,Hangup()', 'same n,Hangup()'],
    ['that cannot be staged', 'cp -R etc', 'cp -R ect'],
  ])('f with sources %s leaves the last good version on the target', async (_what, good, bad) => {
    const session = await watching('hello');
    await session.says('skipped');
    const [name = ''] = readdirSync(installed()).filter((one) => one.startsWith('demo-hello'));
    const before = readFileSync(path.join(installed(), name), 'utf8');
    const files = ['etc/asterisk/extensions_extra.d/demo-hello.conf', 'wazo/rules'];
    const source = files.find((file) =>
      readFileSync(path.join(place.dir, 'hello', file), 'utf8').includes(good),
    );
    const full = path.join(place.dir, 'hello', source ?? '');
    save(full, readFileSync(full, 'utf8').replace(good, bad));
    await session.says('→ failed');
    session.type('f');
    await session.says('live: demo/hello 0.1.0, ');
    session.type('q');
    expect(await session.ended).toBe(1);
    expect(readFileSync(path.join(installed(), name), 'utf8')).toBe(before);
  });
});

describe('a watched folder in a terminal', () => {
  const at = (name: string): string => path.join(place.dir, name);
  const saveExtension = (folder: string, to: string): void => {
    const file = at(`${folder}/etc/asterisk/extensions_extra.d/demo-hello.conf`);
    save(file, readFileSync(file, 'utf8').replace(/\*\*\*\d\d/g, to));
  };

  it('that is renamed, or goes and comes back, is told in one line each', async () => {
    const session = await watching('.');
    renameSync(at('hello'), at('hallo'));
    await session.says('already up to date');
    renameSync(at('hallo'), `${place.dir}-away`);
    await session.says('is gone');
    await pause(1500);
    renameSync(`${place.dir}-away`, at('hallo'));
    await session.says('already up to date');
    saveExtension('hallo', '***44');
    await session.says('xivo-extrafeatures: ***44');
    session.type('q');
    await session.ended;
    const told = session.shown().replaceAll(/\s*\r\n {4}(?=\S)/g, ' ');
    expect(told.match(/^ {2}… .*$/gm)?.map((line) => line.trim())).toEqual([
      '… the folder of demo/hello is hallo now',
      '… the folder of demo/hello is gone; the plugin stays installed. To remove it, end wdev watch, then: wdev uninstall demo/hello',
      '… demo/hello is back, and is watched again',
    ]);
  });

  it('is followed when it was named by a link to it', async () => {
    symlinkSync('hello', at('link'));
    const session = await watching('link');
    saveExtension('hello', '***44');
    await session.says('xivo-extrafeatures: ***44');
    session.type('q');
    await session.ended;
  });
});

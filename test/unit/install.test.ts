import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownRecords, recordText } from '../../src/targets/touched.ts';
import { makePlugin, onConsole, type Outcome, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const ADMIN = '[demo-admin]\nexten = 1,1,NoOp()\n';

let place: ReturnType<typeof project>;
const there = (name: string): string => path.join(place.dir, '.wdev/stack/root', name);
const call = (...args: readonly string[]): Outcome => wdevNow(args, place.dir);

function show(context: string): string {
  return onConsole(place.dir, `dialplan show ${context}`);
}

const events = ({ stdout }: Outcome): readonly { event: string }[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });

describe('wdev install, uninstall and restore on the embedded stack', () => {
  beforeEach(() => {
    place = project();
    makePlugin(place.dir, 'hello');
  });

  afterEach(() => place.remove());

  it('takes one plugin off, gives back what it replaced, and leaves the other', () => {
    makePlugin(place.dir, 'other', '--extension', '***7');
    expect(call('stack', 'up', '--kind', 'embedded')).toMatchObject({ status: 0, stderr: '' });
    mkdirSync(path.dirname(there(CONF)), { recursive: true });
    writeFileSync(there(CONF), ADMIN);
    const installed = call('install', '--json');
    expect(installed.status).toBe(0);
    expect(events(installed).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['ready', 'batch', 'staged', 'plan', 'action', 'verified', 'stopped']),
    );
    expect(show('xivo-extrafeatures')).toContain("'***42'");
    const { status, stdout } = call('uninstall', 'hello');
    expect(stdout).toMatch(
      /^✓ demo\/hello {2}removed 3 files, 1 earlier restored, dialplan reload {2}(?:\d+ ms|\d+\.\d s)\n$/,
    );
    expect(status).toBe(0);
    expect(readFileSync(there(CONF), 'utf8')).toBe(ADMIN);
    expect(show('demo-hello')).toContain('There is no existence');
    expect(show('demo-admin')).toContain('1. NoOp()');
    expect(show('xivo-extrafeatures')).not.toContain("'***42'");
    expect(show('xivo-extrafeatures')).toContain("'***7'");
    expect(existsSync(there('usr/lib/wazo-plugind/plugins/demo/hello'))).toBe(false);
    expect(existsSync(there('usr/lib/wazo-plugind/plugins/demo/other/wazo/rules'))).toBe(true);
    // named as wdev status lists it, its sources gone
    rmSync(path.join(place.dir, 'other'), { recursive: true });
    const last = call('uninstall', 'demo/other', '--json');
    expect(last.status).toBe(0);
    expect(events(last).map(({ event }) => event)).toEqual(['plan', 'verified', 'stopped']);
    expect(existsSync(there('usr/lib/wazo-plugind'))).toBe(false);
    expect(existsSync(there('var/lib/wdev'))).toBe(false);
  });

  it('leaves a file that someone else edited, and says so, until it is removed', () => {
    expect(call('stack', 'up', '--kind', 'embedded')).toMatchObject({ status: 0, stderr: '' });
    mkdirSync(path.dirname(there(CONF)), { recursive: true });
    writeFileSync(there(CONF), ADMIN);
    call('install', 'hello');
    const edited = `${readFileSync(there(CONF), 'utf8')}; of an administrator\n`;
    writeFileSync(there(CONF), edited);
    const said = `/${CONF} (of demo/hello) was edited on the target after wdev wrote it`;
    const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
    for (const command of [['install', 'hello'], ['uninstall', 'hello'], ['install', 'hello'], ['restore']]) {
      if (command[0] === 'install') appendFileSync(path.join(place.dir, 'hello', CONF), '; saved\n');
      const { status, stdout } = call(...command);
      expect([command, status, readFileSync(there(CONF), 'utf8')]).toEqual([command, 1, edited]);
      expect(flat(stdout), command.join(' ')).toContain(
        command[0] === 'restore' ? `/${CONF} was edited` : said,
      );
      // the lines of Asterisk that go with a kept file are no fault of their own
      expect(stdout).not.toContain('dialplan-still-loaded');
      expect(stdout).toContain('foreign-edit');
      if (command[0] === 'uninstall')
        expect(flat(stdout)).toContain('before wdev comes back with wdev restore');
      if (command[0] === 'install')
        expect(flat(stdout)).toContain(
          `To keep the edit: cp .wdev/stack/root/${CONF} hello/${CONF} To discard it: rm .wdev/stack/root/${CONF} Then run wdev install hello`,
        );
    }
    // the file is where a person can open it, and each command says what is left
    const shown = `.wdev/stack/root/${CONF}`;
    expect(flat(call('restore').stdout)).toContain(`${shown} was edited on the target`);
    expect(call('status').stdout).toContain(`so kept when their plugin was uninstalled:\n  ${shown}\n`);
    const again = call('uninstall', 'hello');
    expect(again.status).toBe(0);
    expect(flat(again.stdout)).toContain(`not installed on target embedded. warning: ${shown} was edited`);
    rmSync(there(CONF));
    const { status, stdout } = call('restore');
    expect(call('status').stdout).not.toContain('kept');
    expect(stdout).toContain('as it was before wdev');
    expect([status, readFileSync(there(CONF), 'utf8')]).toEqual([0, ADMIN]);
    expect(existsSync(there('var/lib/wdev'))).toBe(false);
  });

  it('names no restore for an edited file where nothing was before', () => {
    call('install', 'hello');
    appendFileSync(there(CONF), '; of an administrator\n');
    const { status, stdout } = call('uninstall', 'hello');
    expect(status).toBe(1);
    expect(stdout).toContain(`Copy what you need from it. Then delete it: rm .wdev/stack/root/${CONF}\n`);
    expect(stdout).not.toContain('restore');
  });

  it('says what is not there, and refuses what is no plugin', () => {
    call('stack', 'up', '--kind', 'embedded');
    expect(call('uninstall', 'hello')).toMatchObject({
      status: 0,
      stdout: 'demo/hello is not installed on target embedded.\n',
    });
    expect(call('uninstall', 'demo/nothing')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(
        'demo/nothing is neither a folder nor a plugin on embedded\n      Installed on embedded: ',
      ) as string,
    });
    mkdirSync(path.join(place.dir, 'empty'));
    expect(call('uninstall', 'empty')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Installed on embedded: none.') as string,
    });
    expect(call('install', 'empty').status).toBe(2);
  });

  it('restores all of the target, and looks whether it is as before', () => {
    call('stack', 'up', '--kind', 'embedded');
    writeFileSync(there(CONF), ADMIN);
    expect(call('install').status).toBe(0);
    const { status, stdout } = call('restore');
    expect(stdout).toMatch(
      /Target embedded is as it was before wdev .*\n {4}removed 2 files, restored 1 file\n {4}actions: dialplan reload\n/,
    );
    expect(stdout).toContain('uninstalled: demo/hello');
    expect(status).toBe(0);
    expect(readFileSync(there(CONF), 'utf8')).toBe(ADMIN);
    expect(show('demo-hello')).toContain('There is no existence');
    expect(existsSync(there('var/lib/wdev'))).toBe(false);
    expect(call('restore')).toMatchObject({
      status: 0,
      stdout: 'Nothing to restore: wdev has changed nothing on target embedded.\n',
    });
    expect(events(call('restore', '--json'))).toMatchObject([
      { event: 'restored', paths: [], findings: [] },
      { event: 'stopped', reason: 'done' },
    ]);
  });

  it.each(['restore', 'uninstall'])('forgets on %s the text that a driver generated', (command) => {
    const cached = 'var/cache/wazo-confgend/asterisk/acme.conf';
    rmSync(path.join(place.dir, 'hello'), { recursive: true });
    expect(call('new', 'confgend', 'acme', '--yes', '--no-git').status).toBe(0);
    expect(call('install', 'acme').status).toBe(0);
    expect(existsSync(there(cached))).toBe(true);
    const gone = call(command, ...(command === 'uninstall' ? ['acme'] : []));
    expect(gone.stdout).toContain('wazo-confgen --invalidate asterisk/acme.conf');
    expect(gone.status).toBe(0);
    expect(existsSync(there(cached))).toBe(false);
  });

  it('exits with 3 when the target is out of reach', () => {
    for (const command of ['install', 'uninstall', 'restore', 'status', 'why', 'logs']) {
      const paths = command === 'why' || command === 'install' ? ['hello'] : [];
      const { status, stderr } = call(command, ...paths, '--target', 'exec:false');
      expect([command, status, stderr.startsWith('wdev: target exec:false: cannot connect')]).toEqual([
        command,
        3,
        true,
      ]);
    }
  });
});

describe('the list of touched paths', () => {
  const list = 'S 0 /etc/a.conf\nD /etc/new\nA /etc/new/b c\nS 1 /etc/theirs\nA /etc/other\n';

  it('is split into one plugin and the rest', () => {
    const records = ownRecords(list, ['/etc/a.conf', '/etc/new/b c']);
    const text = recordText(records).toString();
    expect(text.slice(0, records.ownBytes)).toBe('D /etc/new\nS 0 /etc/a.conf\nA /etc/new/b c\n');
    expect(text.slice(records.ownBytes)).toBe('D /etc/new\nS 1 /etc/theirs\nA /etc/other\n');
    expect(records).toMatchObject({ originals: ['0/a.conf'], empty: false });
  });

  it('has names with what looks like the end of a line', () => {
    for (const name of ['/etc/a\rb', '/etc/a\u2028b']) {
      expect(ownRecords(`A ${name}\nS 0 ${name}\n`, [name]).own).toHaveLength(2);
    }
  });

  it('is empty when only folders and notes of wdev remain', () => {
    expect(ownRecords('D /etc/new\nA /etc/new/b\n', ['/etc/new/b']).empty).toBe(true);
    expect(ownRecords('S 0 /etc/b\n', []).empty).toBe(false);
  });
});

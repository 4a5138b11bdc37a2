import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findWhy, type Why } from '../../src/status/why.ts';
import { openTarget } from '../../src/targets/open.ts';
import { makePlugin, pause, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';
const DRIVER = 'demo_acme_confgend/driver.py';
const DRIVER_THERE = `usr/lib/python3/dist-packages/${DRIVER}`;
const NINE = ['source', 'git', 'stage', 'package', 'files', 'entry-point', 'enabled', 'process', 'loaded'];
/** Places of the target that a test may change; they are put back after each. */
const KEPT = [CONF, DRIVER_THERE, 'etc/asterisk/extensions.d/01-wazo.conf'];

let place: ReturnType<typeof project>;
let clean = '';
const there = (name: string): string => path.join(place.dir, '.wdev/stack/root', name);
const source = (name: string): string => path.join(place.dir, name);
const ADDED = ['etc/wazo-confgend/conf.d/10-off.yml', 'etc/asterisk/extensions_extra.d/.hidden'];

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

let told = false;

async function onStack(script: string): Promise<void> {
  told = true;
  const target = await openTarget('embedded', { folder: place.dir });
  try {
    await target.run(script);
  } finally {
    await target.close();
  }
}

async function why(subject: string): Promise<Why> {
  return await findWhy(source(subject), 'embedded', async () => {
    return await openTarget('embedded', { folder: place.dir });
  });
}

/** The link that is named, after a look that no other one is. */
async function only(subject: string): Promise<Why['links'][number]> {
  const { links, broken } = await why(subject);
  const states = links.map(({ state }) => state);
  const at = states.indexOf('broken');
  expect(links.map(({ name }) => name)).toEqual(NINE);
  expect(states.slice(0, at).filter((state) => state !== 'ok' && state !== 'none')).toEqual([]);
  expect(states.slice(at + 1).filter((state) => state !== 'unknown')).toEqual([]);
  expect(links[at]?.name).toBe(broken);
  return links[at] as Why['links'][number];
}

/** Brings a text to the target behind wdev's back, as if it came from the sources. */
async function editBoth(file: string, installed: string, change: (text: string) => string): Promise<void> {
  edit(source(file), change);
  cpSync(source(file), there(installed));
  await onStack('systemctl restart wazo-confgend');
}

beforeAll(() => {
  place = project();
  makePlugin(place.dir, 'hello');
  expect(wdevNow(['new', 'confgend', 'acme', '--namespace', 'demo', '--yes'], place.dir).status).toBe(0);
  expect(wdevNow(['install', 'hello', 'acme'], place.dir)).toMatchObject({ status: 0, stderr: '' });
  clean = source('clean');
  for (const name of ['hello', 'acme']) cpSync(source(name), path.join(clean, name), { recursive: true });
  for (const name of KEPT) cpSync(there(name), path.join(clean, name));
});

afterAll(() => place.remove());

afterEach(async () => {
  for (const name of ['hello', 'acme']) {
    rmSync(source(name), { recursive: true });
    cpSync(path.join(clean, name), source(name), { recursive: true });
  }
  for (const name of ADDED) rmSync(there(name), { force: true });
  for (const name of KEPT) {
    const same =
      existsSync(there(name)) && readFileSync(there(name)).equals(readFileSync(path.join(clean, name)));
    if (!same) cpSync(path.join(clean, name), there(name));
  }
  if (told) await onStack('asterisk -rx "dialplan reload"; systemctl restart wazo-confgend');
  told = false;
});

describe('wdev why', () => {
  it('finds nine links whole', async () => {
    for (const subject of ['hello', 'acme', `hello/${CONF}`, `acme/${DRIVER}`]) {
      const { links, broken } = await why(subject);
      expect([subject, broken]).toEqual([subject, null]);
      expect(links.map(({ name }) => name)).toEqual(NINE);
      expect(links.filter(({ state }) => state !== 'ok' && state !== 'none')).toEqual([]);
    }
  });

  it('does not call a service fine that the embedded stack only keeps a record of', () => {
    const dir = makePlugin(place.dir, 'api', '--part', 'calld');
    try {
      expect(wdevNow(['install', 'api'], place.dir)).toMatchObject({ status: 0 });
      const { status, stdout } = wdevNow(['why', 'api'], place.dir);
      expect(status).toBe(0);
      expect(stdout).toContain(
        '  – process          the stand-in for Asterisk answers; wazo-calld: not in the embedded stack',
      );
      expect(stdout).toContain('  ✓ loaded           demo-api, xivo-extrafeatures\n');
      const shown = wdevNow(['status'], place.dir).stdout;
      expect(shown).toContain('  – wazo-calld: not in the embedded stack, which only records its restarts\n');
      const { stderr } = wdevNow(['logs', 'wazo-calld'], place.dir);
      expect(stderr).toContain('a stack that has it: wdev stack up --kind wazo --with calld');
      expect(wdevNow(['logs', 'wazo-cald'], place.dir).stderr).toContain('Logs there: asterisk');
    } finally {
      wdevNow(['uninstall', 'api'], place.dir);
      rmSync(dir, { recursive: true });
    }
  });

  it('prints nine lines, and under the broken one what to try; exit status 0, 1 and 2', () => {
    expect(wdevNow(['why', 'hello'], place.dir)).toEqual({
      status: 0,
      stderr: '',
      stdout: `demo/hello on target embedded
  ✓ source           plugin demo/hello 0.1.0
  ✓ git              18 files in git
  ✓ stage            its files are collected
  ✓ package          3 files in it
  ✓ files on target  3 files, as staged
  – entry point      no Python entry point
  ✓ enabled          Asterisk reads its dialplan files
  ✓ process          the stand-in for Asterisk answers
  ✓ loaded           demo-hello, xivo-extrafeatures
`,
    });
    appendFileSync(source(`hello/${CONF}`), '; later\n');
    const { status, stdout } = wdevNow(['why', 'hello'], place.dir);
    expect(status).toBe(1);
    expect(stdout).toContain(`  ✗ files on target  an older version on the target: /${CONF}
                     Install it: wdev install hello
  · entry point      not checked\n  · enabled          not checked\n`);
    const json = JSON.parse(wdevNow(['why', 'hello', '--json'], place.dir).stdout) as Why;
    expect(json).toMatchObject({ plugin: 'demo/hello', target: 'embedded', broken: 'files' });
  });

  it('takes a folder around one plugin, and names those of a folder around several', async () => {
    cpSync(source('hello'), source('around/hello'), { recursive: true });
    expect(await why('around')).toMatchObject({ plugin: 'demo/hello', broken: null });
    rmSync(source('around'), { recursive: true });
    const several = wdevNow(['why'], place.dir);
    expect(several).toMatchObject({ status: 2, stdout: '' });
    expect(several.stderr).toContain('several plugins here: acme, clean/acme');
    mkdirSync(source('empty'));
    const none = wdevNow(['why', 'empty'], place.dir);
    expect(none.stderr).toContain('empty is not inside a plugin, and has none in it');
    rmSync(source('empty'), { recursive: true });
  });

  it('source: plugin.yml is no YAML, wazo/rules or the file is not there', async () => {
    edit(source('hello/wazo/plugin.yml'), (text) => text.replace('depends: []', 'depends: []]'));
    expect(await only('hello')).toMatchObject({ name: 'source', file: 'wazo/plugin.yml', line: 7 });
    edit(source('hello/wazo/plugin.yml'), (text) => text.replace('depends: []]', 'depends: []'));
    const gone = { name: 'source', says: 'there is no file etc/nothing.conf' };
    expect(await only('hello/etc/nothing.conf')).toMatchObject(gone);
    rmSync(source('hello/wazo/rules'));
    expect(await only('hello')).toMatchObject({ name: 'source', says: 'wazo/rules is missing' });
  });

  it('git: a file that .gitignore names', async () => {
    writeFileSync(source('hello/etc/asterisk/extensions_extra.d/more.conf'), '[more]\nexten = 1,1,NoOp()\n');
    appendFileSync(source('hello/.gitignore'), '\nmore.conf\n');
    expect(await only('hello')).toMatchObject({
      name: 'git',
      file: 'etc/asterisk/extensions_extra.d/more.conf',
      help: 'See which line does it: git check-ignore -v etc/asterisk/extensions_extra.d/more.conf',
    });
  });

  it('stage: rules fail, rules are not executable', async () => {
    edit(source('hello/wazo/rules'), (text) => text.replace('cp -R etc', 'cp -R ect'));
    expect(await only('hello')).toMatchObject({ name: 'stage', file: 'wazo/rules' });
    chmodSync(source('hello/wazo/rules'), 0o644);
    expect(await only('hello')).toMatchObject({ name: 'stage', line: 1 });
  });

  it('package: nothing is copied, a file feeds nothing', async () => {
    edit(source('hello/wazo/rules'), (text) =>
      text.replace('cp -R etc', ': cp -R etc').replace('chmod -R', ': chmod -R'),
    );
    const says = 'the package is empty, though every command went well';
    expect(await only('hello')).toMatchObject({ name: 'package', says });
    expect(await only('acme/README.md')).toMatchObject({ name: 'package', file: 'README.md' });
  });

  it('files: not installed, stale, edited by someone else, lost, closed', async () => {
    cpSync(path.join(clean, 'hello'), source('other'), { recursive: true });
    edit(source('other/wazo/plugin.yml'), (text) => text.replace('name: hello', 'name: other'));
    rmSync(source(`other/${CONF}`));
    writeFileSync(
      source('other/etc/asterisk/extensions_extra.d/other.conf'),
      '[other]\nexten = 1,1,NoOp()\n',
    );
    expect(await only('other')).toMatchObject({ name: 'files', says: 'it is not installed' });
    edit(source(`hello/${CONF}`), (text) => text.replace('hello-world', 'tt-weasels'));
    expect(await only('hello')).toMatchObject({
      name: 'files',
      says: `an older version on the target: /${CONF}`,
    });
    appendFileSync(there(CONF), '; of an administrator\n');
    const says = `${path.relative('', there(CONF))} was edited on the target`;
    expect(await only('hello')).toMatchObject({ name: 'files', says });
    rmSync(there(CONF));
    expect(await only('hello')).toMatchObject({ name: 'files', says: `missing on the target: /${CONF}` });
    edit(source(`hello/${CONF}`), (text) => text.replace('tt-weasels', 'hello-world'));
    cpSync(path.join(clean, CONF), there(CONF));
    chmodSync(there(CONF), 0o640);
    expect(await only('hello')).toMatchObject({ name: 'files', says: `services may not read /${CONF}` });
    chmodSync(there(CONF), 0o644);
  });

  it('entry point: it leads to a class that is not there', async () => {
    await editBoth(`acme/${DRIVER}`, DRIVER_THERE, (text) => text.replace('class DemoAcmeDriver', 'class X'));
    expect(await only('acme')).toMatchObject({
      name: 'entry-point',
      says: 'demo_acme leads to demo_acme_confgend.driver:DemoAcmeDriver, but demo_acme_confgend.driver has no DemoAcmeDriver',
      file: DRIVER,
    });
  });

  it('enabled: another settings file names another driver, or hides all', async () => {
    const other = there('etc/wazo-confgend/conf.d/10-off.yml');
    writeFileSync(other, 'plugins:\n  asterisk.acme.conf: theirs\n');
    const at = '/etc/wazo-confgend/conf.d/10-off.yml';
    const named = `${at} sets plugins: asterisk.acme.conf to "theirs"`;
    expect(await only('acme')).toMatchObject({ name: 'enabled', says: named, file: at });
    writeFileSync(other, 'plugins:\n');
    const hidden = `plugins in ${at} holds no mapping, which hides every other file`;
    expect(await only('acme')).toMatchObject({ name: 'enabled', says: hidden });
  });

  it('enabled: a file of a name that nothing reads, a server without extensions_extra.d', async () => {
    const hidden = 'etc/asterisk/extensions_extra.d/.hidden';
    writeFileSync(source(`hello/${hidden}`), '[more]\n');
    writeFileSync(there(hidden), '[more]\n');
    const says = `nothing reads /${hidden}: Asterisk takes no dot files`;
    expect(await only('hello')).toMatchObject({ name: 'enabled', says });
    edit(there('etc/asterisk/extensions.d/01-wazo.conf'), (text) =>
      text.replace(/^#include extensions_extra.*$/m, ''),
    );
    const file = '/etc/asterisk/extensions.conf';
    expect(await only(`hello/${CONF}`)).toMatchObject({ name: 'enabled', file });
  });

  it('process: older than its files, and stopped', async () => {
    await pause(100);
    writeFileSync(there(DRIVER_THERE), readFileSync(there(DRIVER_THERE)));
    expect(await only('acme')).toMatchObject({
      name: 'process',
      says: `wazo-confgend began before /${DRIVER_THERE} came, so it runs what was there before`,
      help: 'On the target: systemctl restart wazo-confgend',
    });
    await onStack('systemctl stop wazo-confgend');
    expect(await only('acme')).toMatchObject({ name: 'process', says: 'wazo-confgend is inactive' });
  });

  it('loaded: Asterisk was not told of a file', async () => {
    edit(there(CONF), (text) => text.replace('hello-world', 'tt-weasels'));
    await onStack('asterisk -rx "dialplan reload"');
    cpSync(path.join(clean, CONF), there(CONF));
    expect(await only('hello')).toMatchObject({ name: 'loaded', file: CONF, line: 9 });
  });

  it('loaded: generate() raises, and wazo-confgend serves its last text', async () => {
    await editBoth(`acme/${DRIVER}`, DRIVER_THERE, (text) =>
      text.replace('        lines = [', "        raise KeyError('x')\n        lines = ["),
    );
    expect(await only('acme')).toMatchObject({ name: 'loaded', file: DRIVER, line: 18 });
  });
});

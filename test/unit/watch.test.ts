import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTextIfPossible } from '../../src/support/read-file.ts';
import { save } from '../support/save.ts';
import { IN_STEPS, SAVE_STYLES, type Save } from '../support/save-styles.ts';
import { makePlugin, onConsole, pause, project, Watch, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

let place: ReturnType<typeof project>;
let plugin = '';
let file = '';
let good = '';
let watch: Watch | undefined;

beforeEach(() => {
  place = project();
  plugin = makePlugin(place.dir, 'hello');
  file = path.join(plugin, CONF);
  good = readFileSync(file, 'utf8');
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

function show(context: string): string {
  return onConsole(place.dir, `dialplan show ${context}`);
}

function installed(name: string): string {
  return path.join(place.dir, '.wdev/stack/root', name);
}

/** The text of an installed file, which may not be there between two steps of a save. */
function textOf(name: string): string | undefined {
  return readTextIfPossible(installed(name));
}

async function start(...args: readonly string[]): Promise<Watch> {
  watch = new Watch(['hello', ...args], place.dir);
  await watch.next('verified');
  return watch;
}

describe('wdev watch on the embedded stack', () => {
  it('brings the plugin, and each save, and reads it back', async () => {
    const running = await start();
    expect(show('xivo-extrafeatures')).toContain("'***42'");
    save(file, good.replaceAll('***42', '***43'));
    const verified = await running.next('verified');
    expect(verified).toMatchObject({
      plugin: 'demo/hello',
      loaded: ['xivo-extrafeatures: ***43', 'demo-hello: s', 'xivo-extrafeatures: ***42 gone'],
      evidence: { verified: 1, placed: 0 },
    });
    expect(running.events.findLast(({ event }) => event === 'staged')).toMatchObject({ path: 'fast' });
    expect(show('xivo-extrafeatures')).toContain("'***43'");
    expect(show('xivo-extrafeatures')).not.toContain("'***42'");
    expect(await running.stop()).toBe(130);
    expect(running.events.at(-1)).toMatchObject({ event: 'stopped', reason: 'interrupted' });
  });

  it('tells once what only a call would show, after the save is verified', async () => {
    const running = await start();
    const broken = good.replace('Playback(', 'Plaback(');
    save(file, broken);
    await running.next('verified');
    const line = broken.split('\n').findIndex((text) => text.includes('Plaback')) + 1;
    expect(await running.next('finding')).toMatchObject({
      code: 'dialplan-unknown-application',
      plugin: 'demo/hello',
      file: CONF,
      line,
    });
    save(file, `; a comment\n${broken}`);
    await running.next('verified');
    save(file, `; a comment\n${broken.replace('Answer()', 'Anser()')}`);
    await running.next('verified');
    expect((await running.next('finding')).message).toContain('Anser');
  });

  it.each<[string, (text: string) => string, { code: string; line: number }]>([
    [
      'a line without =',
      (text) => text.replace('same = n,Hangup', 'same n,Hangup'),
      { code: 'dialplan-no-equals', line: 4 },
    ],
    [
      'a bad priority',
      (text) => text.replace('s,1,Answer', 's,one,Answer'),
      { code: 'dialplan-bad-priority', line: 8 },
    ],
    ['an open section', (text) => `${text}[oops\n`, { code: 'dialplan-unclosed-section', line: 11 }],
    [
      'a priority twice',
      (text) => `${text}exten = s,2,NoOp()\n`,
      { code: 'dialplan-duplicate-priority', line: 11 },
    ],
  ])('says where %s is, and the last good version serves', async (_name, edit, finding) => {
    const running = await start();
    const before = show('demo-hello');
    save(file, edit(good));
    const failed = await running.next('failed');
    expect(failed.findings[0]).toMatchObject({ ...finding, level: 'error', file: CONF });
    expect(
      running.events.filter(({ event, ...it }) => event === 'action' && 'id' in it && it.id === failed.id),
    ).toEqual([]);
    // a comment lets it through, and Asterisk says the same
    running.forget();
    const ignored = [...new Set(failed.findings.map(({ code }) => `; wdev: ignore ${code} tried here\n`))];
    save(file, ignored.join('') + edit(good));
    const refused = await running.next('failed');
    expect(refused.findings[0]).toMatchObject({
      ...finding,
      line: finding.line + ignored.length,
      level: 'error',
      file: CONF,
    });
    expect(await running.next('rolled-back')).toMatchObject({ live: 'demo/hello 0.1.0, restored' });
    expect(show('demo-hello')).toBe(before);
    expect(readFileSync(installed(`/${CONF}`), 'utf8')).toBe(good);
    save(file, good.replace('hello-world', 'tt-weasels'));
    await running.next('verified');
    expect(show('demo-hello')).toContain('tt-weasels');
  });

  it('says where an unknown include is, which Asterisk only remarks upon, and goes on', async () => {
    const running = await start();
    save(file, `${good}include = nowhere\n`);
    expect(await running.next('finding')).toMatchObject({
      code: 'dialplan-unknown-include',
      level: 'warning',
      file: CONF,
      line: 11,
    });
    await running.next('verified');
  });

  it('counts lines as the file has them, behind other files of the folder', async () => {
    const other = makePlugin(place.dir, 'aaa', '--extension', '***7');
    appendFileSync(path.join(other, 'etc/asterisk/extensions_extra.d/demo-aaa.conf'), '\n\n\n');
    const first = wdevNow(['watch', 'aaa', 'hello', '--once'], place.dir);
    expect(first.stdout).toContain('xivo-extrafeatures: ***7');
    const ignored = '; wdev: ignore dialplan-no-equals tried here\n';
    save(file, ignored + good.replace('same = n,Hangup', 'same n,Hangup'));
    const { status, stdout } = wdevNow(['watch', 'hello', '--once'], place.dir);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `${CONF}:5: error: No '=' (equal sign) [dialplan-no-equals]\n    5 | same n,Hangup()\n      | ^`,
    );
    expect(stdout).not.toContain('demo/aaa');
  });

  it('does nothing for what changes nothing, and says so', async () => {
    const running = await start();
    const installs = (): number => running.events.filter(({ event }) => event === 'action').length;
    const before = installs();
    save(path.join(plugin, 'README.md'), 'other words\n');
    expect(await running.next('verified')).toMatchObject({ loaded: [] });
    save(file, good);
    expect(await running.next('verified')).toMatchObject({ loaded: [] });
    save(path.join(plugin, '.gitignore'), 'scratch\n');
    await running.next('verified');
    await running.next('settled');
    writeFileSync(path.join(plugin, 'scratch'), 'ignored by git');
    save(path.join(plugin, 'README.md'), 'words of the end\n');
    expect((await running.next('batch')).files).toEqual(['README.md']);
    await running.next('verified');
    expect(installs()).toBe(before);
  });

  it('follows new, renamed and removed files', async () => {
    const running = await start();
    const folder = path.dirname(file);
    save(path.join(folder, 'more.conf'), '[more]\nexten = 1,1,NoOp()\n');
    expect((await running.next('verified')).loaded).toContain('more: 1');
    renameSync(path.join(folder, 'more.conf'), path.join(folder, 'renamed.conf'));
    await running.next('verified');
    expect(existsSync(installed('/etc/asterisk/extensions_extra.d/more.conf'))).toBe(false);
    expect(show('more')).toContain('[renamed.conf:');
    rmSync(path.join(folder, 'renamed.conf'));
    await running.next('verified');
    expect(show('more')).toContain("There is no existence of 'more' context");
  });

  it('goes on when a file comes in place of a folder, and a folder in place of a file', async () => {
    const other = path.join(plugin, 'etc/other');
    mkdirSync(other);
    writeFileSync(path.join(other, 'a.txt'), 'a');
    const running = await start();
    rmSync(other, { recursive: true });
    writeFileSync(other, 'file');
    // between the two steps a busy machine may rest for so long that the first is a save of its own
    do await running.next('verified');
    while (textOf('etc/other') !== 'file');
    rmSync(other);
    mkdirSync(other);
    writeFileSync(path.join(other, 'b.txt'), 'b');
    do await running.next('verified');
    while (textOf('etc/other/b.txt') !== 'b');
  });

  it('keeps the last good version when rules fail, and when the package comes out empty', async () => {
    const running = await start();
    const rules = path.join(plugin, 'wazo/rules');
    const text = readFileSync(rules, 'utf8');
    save(rules, text.replace('cp -R etc', 'cp -R ect'));
    expect((await running.next('failed')).findings[0]).toMatchObject({
      code: 'stage-package-failed',
      file: 'wazo/rules',
    });
    save(rules, text.replace('cp -R etc', ': cp -R etc').replace('chmod -R', ': chmod -R'));
    expect((await running.next('failed')).findings[0]).toMatchObject({ code: 'package-hollow' });
    expect(show('demo-hello')).toContain('hello-world');
    save(rules, text);
    await running.next('verified');
  });

  it('brings a save that failed once, however often a file that git ignores is written', async () => {
    const running = await start();
    save(file, 'exten = broken\n');
    await running.next('failed');
    running.forget();
    const ignored = path.join(plugin, 'etc/asterisk/extensions_extra.d/x.swp');
    for (let turn = 0; turn < 5; turn += 1) {
      writeFileSync(ignored, String(turn));
      await pause(120);
    }
    const added = file.replace('demo-', 'more-');
    save(added, '');
    expect((await running.next('batch')).files).toEqual([path.relative(plugin, added)]);
    await running.next('failed');
    rmSync(added);
    expect((await running.next('batch')).files).toEqual([path.relative(plugin, added)]);
    save(file, good);
    await running.next('verified');
  });

  it('brings a plugin that was broken from the start once, however often an ignored file is written', async () => {
    save(file, 'exten = broken\n');
    watch = new Watch(['hello'], place.dir);
    await watch.next('failed');
    for (let turn = 0; turn < 5; turn += 1) {
      writeFileSync(path.join(plugin, 'etc/x.swp'), String(turn));
      await pause(120);
    }
    save(file, good);
    await watch.next('verified');
    expect(watch.events.filter(({ event }) => event === 'batch')).toHaveLength(2);
  });

  it('gives the target back as it was with --clean', async () => {
    wdevNow(['stack', 'up', '--kind', 'embedded'], place.dir);
    writeFileSync(installed('/etc/asterisk/extensions_extra.d/demo-hello.conf'), '; of an administrator\n');
    const running = await start('--clean');
    expect(show('demo-hello')).toContain('hello-world');
    await running.stop();
    expect(running.events.at(-2)).toMatchObject({ event: 'restored', actions: ['dialplan reload'] });
    expect(readFileSync(installed('/etc/asterisk/extensions_extra.d/demo-hello.conf'), 'utf8')).toBe(
      '; of an administrator\n',
    );
    expect(show('demo-hello')).toContain('There is no existence');
    expect(existsSync(installed('/usr/lib/wazo-plugind'))).toBe(false);
    expect(existsSync(installed('/var/lib/wdev'))).toBe(false);
  });

  it('gives it back with --clean too where a signal ends its whole group, as timeout and CI do', async () => {
    watch = new Watch(['hello', '--clean'], place.dir, {}, ['timeout', '600']);
    await watch.next('verified');
    await watch.stop('SIGTERM');
    expect(watch.events.at(-2)).toMatchObject({ event: 'restored', actions: ['dialplan reload'] });
    expect(watch.events.filter(({ event }) => event === 'finding')).toEqual([]);
    expect(show('demo-hello')).toContain('There is no existence');
  });

  it('takes one watcher a target', async () => {
    await start();
    const second = wdevNow(['watch', 'hello', '--once'], place.dir);
    expect(second).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('target embedded is in use by ') as string,
    });
  });
});

describe('however an editor saves', () => {
  const styles: Readonly<Record<string, Save>> = {
    ...SAVE_STYLES,
    'sed -i': (_file, text) => {
      // its temporary file has a name that nobody foresees, and stands for a while
      const edit = spawnSync('sed', [
        '-i',
        '-e',
        `$a\\${text.trimEnd().split('\n').at(-1) ?? ''}`,
        '-e',
        '/ done$/d',
        file,
      ]);
      expect(edit.status).toBe(0);
    },
    'a temporary file that takes its time': async (_file, text) => {
      writeFileSync(`${file}.part`, text.slice(0, 20));
      await pause(8);
      writeFileSync(`${file}.part`, text);
      await pause(2);
      renameSync(`${file}.part`, file);
    },
    'two writes, the second before the first is verified': async (_file, text) => {
      writeFileSync(file, text.replace('done', 'half'));
      await pause(2);
      writeFileSync(file, text);
    },
  };

  it('applies the final bytes once', async () => {
    const running = await start();
    for (const [name, write] of Object.entries(styles)) {
      const isTwice = name.startsWith('two writes') || IN_STEPS.has(name);
      // between two steps of a save a busy machine may rest for so long that they are two; not each time
      let batches: readonly string[][] = [];
      for (let attempt = 1; attempt <= 25; attempt += 1) {
        running.forget();
        const from = running.events.length;
        const text = `${good}; ${name} ${attempt} done\n`;
        await write(file, text);
        do await running.next('verified');
        while (textOf(CONF) !== text);
        await pause(200);
        expect([name, textOf(CONF)]).toEqual([name, text]);
        const events = running.events.slice(from);
        batches = events.flatMap((event) => (event.event === 'batch' ? [[...event.files]] : []));
        const { length: applied } = events.filter(({ event }) => event === 'action');
        const few = batches.length <= (isTwice ? 2 : 1) && applied <= (isTwice ? 4 : 2);
        if (few && batches.every((files) => files.join() === CONF)) break;
      }
      const once = isTwice && batches.length > 1 ? [[CONF], [CONF]] : [[CONF]];
      expect([name, batches]).toEqual([name, once]);
    }
  });
});

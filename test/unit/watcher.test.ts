import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchPlugins, type Watching } from '../../src/loop/watcher.ts';
import type { Plugin } from '../../src/kinds/plugin.ts';
import { figure } from '../support/promises.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project } from '../support/watch.ts';

let folder = '';
let watching: Watching | undefined;
const problems: string[] = [];
/** `plugin-name/file` of every change that was told. */
const seen = new Set<string>();
let told: () => void = () => undefined;

function pluginIn(name: string): Plugin {
  const dir = path.join(folder, name);
  mkdirSync(path.join(dir, 'etc'), { recursive: true });
  return { kind: 'stack', dir, id: `demo/${name}`, name, namespace: 'demo', version: '1.0' };
}

function watchAll(plugins: readonly Plugin[], poll = false, platform = process.platform): void {
  watching = watchPlugins(plugins, {
    poll,
    platform,
    ignore: ['*.bak'],
    onChange: (plugin, file) => {
      seen.add(`${plugin.name}/${file}`);
      told();
    },
    onProblem: (problem) => problems.push(problem),
  });
}

/** Waits until all of these were told. */
async function until(...files: readonly string[]): Promise<void> {
  await new Promise<void>((resolve) => {
    told = () => {
      if (files.every((file) => seen.has(file))) resolve();
    };
    told();
  });
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'wdev-test-')));
  seen.clear();
  problems.length = 0;
});

afterEach(() => {
  watching?.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['by the system’s events', false],
  ['by looking at intervals', true],
])('changes seen %s', (_how, poll) => {
  it('of files written, removed and renamed, with their plugin', async () => {
    const [one, two] = [pluginIn('one'), pluginIn('two')];
    writeFileSync(path.join(two.dir, 'etc/old.conf'), 'old');
    writeFileSync(path.join(two.dir, 'etc/gone.conf'), 'gone');
    watchAll([one, two], poll);
    writeFileSync(path.join(one.dir, 'etc/a.conf'), 'a');
    renameSync(path.join(two.dir, 'etc/old.conf'), path.join(two.dir, 'etc/New.conf'));
    rmSync(path.join(two.dir, 'etc/gone.conf'));
    await until('one/etc/a.conf', 'two/etc/old.conf', 'two/etc/New.conf', 'two/etc/gone.conf');
    writeFileSync(path.join(two.dir, 'etc/New.conf'), 'new');
    await until('two/etc/New.conf');
  });

  it('of folders that come with files, also of those in folders below, and go on to be watched', async () => {
    const one = pluginIn('one');
    mkdirSync(path.join(folder, 'made/deep/deeper'), { recursive: true });
    writeFileSync(path.join(folder, 'made/deep/deeper/x.conf'), 'x');
    writeFileSync(path.join(folder, 'made/y.conf'), 'y');
    watchAll([one], poll);
    cpSync(path.join(folder, 'made'), path.join(one.dir, 'etc/copied'), { recursive: true });
    await until('one/etc/copied/deep/deeper/x.conf', 'one/etc/copied/y.conf');
    renameSync(path.join(one.dir, 'etc/copied'), path.join(one.dir, 'etc/renamed'));
    await until('one/etc/renamed/deep/deeper/x.conf', 'one/etc/renamed/y.conf');
    seen.clear();
    writeFileSync(path.join(one.dir, 'etc/renamed/deep/deeper/z.conf'), 'z');
    await until('one/etc/renamed/deep/deeper/z.conf');
  });

  it('of a file that is replaced by one of the same size and time', async () => {
    const one = pluginIn('one');
    const [file, other] = [path.join(one.dir, 'etc/a.conf'), path.join(folder, 'b.conf')];
    for (const [at, text] of [
      [file, 'aaaa'],
      [other, 'bbbb'],
    ] as const) {
      writeFileSync(at, text);
      utimesSync(at, 1_700_000_000, 1_700_000_000);
    }
    watchAll([one], poll);
    for (const words of [
      ['cp', '-p', other, file],
      ['touch', '-d', '2023-01-01', file],
    ]) {
      seen.clear();
      expect(spawnSync(words[0] ?? '', words.slice(1)).status).toBe(0);
      await until('one/etc/a.conf');
    }
  });

  it('of folders that are renamed away and back, again and again', async () => {
    const one = pluginIn('one');
    const [here, there] = [path.join(one.dir, 'etc/here'), path.join(one.dir, 'etc/there')];
    mkdirSync(path.join(here, 'deep'), { recursive: true });
    writeFileSync(path.join(here, 'deep/x.conf'), 'x');
    watchAll([one], poll);
    for (let turn = 0; turn < 4; turn += 1) {
      const [from, to] = turn % 2 === 0 ? [here, there] : [there, here];
      seen.clear();
      renameSync(from, to);
      await until(`one/etc/${path.basename(to)}/deep/x.conf`);
      seen.clear();
      writeFileSync(path.join(to, 'deep/x.conf'), `after ${turn}`);
      await until(`one/etc/${path.basename(to)}/deep/x.conf`);
    }
    // another folder in its place, with what may be the same inode
    rmSync(here, { recursive: true });
    mkdirSync(path.join(here, 'deep'), { recursive: true });
    writeFileSync(path.join(here, 'deep/y.conf'), 'y');
    await until('one/etc/here/deep/y.conf');
    seen.clear();
    writeFileSync(path.join(here, 'deep/y.conf'), 'yy');
    await until('one/etc/here/deep/y.conf');
  });

  it('of two folders that take the place of each other', async () => {
    const one = pluginIn('one');
    const [here, there] = [path.join(one.dir, 'etc/here'), path.join(one.dir, 'etc/there')];
    for (const dir of [here, there]) {
      mkdirSync(dir);
      writeFileSync(path.join(dir, `${path.basename(dir)}.conf`), 'x');
    }
    watchAll([one], poll);
    for (let turn = 0; turn < 3; turn += 1) {
      const away = path.join(folder, 'away');
      renameSync(here, away);
      renameSync(there, here);
      renameSync(away, there);
      for (const dir of [here, there]) {
        seen.clear();
        writeFileSync(path.join(dir, `turn-${turn}.conf`), 'x');
        await until(`one/etc/${path.basename(dir)}/turn-${turn}.conf`);
      }
    }
  });

  it('of files and folders whose names are no UTF-8', async () => {
    const one = pluginIn('one');
    watchAll([one], poll);
    const odd = Buffer.concat([Buffer.from(path.join(one.dir, 'etc/caf')), Buffer.of(0xe9)]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/na'), Buffer.of(0xef)]), 'x');
    await until('one/etc/caf\udce9/na\udcef');
  });

  it('of links that point elsewhere now, and not of what is ignored', async () => {
    const one = pluginIn('one');
    for (const name of ['a.conf', 'b.conf']) writeFileSync(path.join(one.dir, 'etc', name), name);
    symlinkSync('a.conf', path.join(one.dir, 'etc/link'));
    watchAll([one], poll);
    for (const name of ['.a.conf.swp', 'a.bak', '4913']) writeFileSync(path.join(one.dir, 'etc', name), 'x');
    rmSync(path.join(one.dir, 'etc/link'));
    symlinkSync('b.conf', path.join(one.dir, 'etc/link'));
    writeFileSync(path.join(one.dir, 'etc/last.conf'), 'x');
    await until('one/etc/link', 'one/etc/last.conf');
    expect([...seen].filter((file) => /swp|bak|4913/.test(file))).toEqual([]);
  });
});

it('sees changes by chokidar, as on systems that are not Linux', async () => {
  const one = pluginIn('one');
  writeFileSync(path.join(one.dir, 'etc/gone.conf'), 'gone');
  watchAll([one], false, 'darwin');
  writeFileSync(path.join(one.dir, 'etc/at-once.conf'), 'a');
  await until('one/etc/at-once.conf');
  mkdirSync(path.join(one.dir, 'etc/deep/deeper'), { recursive: true });
  writeFileSync(path.join(one.dir, 'etc/deep/deeper/x.conf'), 'x');
  rmSync(path.join(one.dir, 'etc/gone.conf'));
  writeFileSync(path.join(one.dir, 'etc/a.bak'), 'x');
  await until('one/etc/deep/deeper/x.conf', 'one/etc/gone.conf');
  seen.clear();
  writeFileSync(path.join(one.dir, 'etc/deep/deeper/x.conf'), 'xx');
  await until('one/etc/deep/deeper/x.conf');
  expect([...seen].filter((file) => file.includes('bak'))).toEqual([]);
});

it('sees what changes in a folder while it begins to be watched', async () => {
  watchAll([pluginIn('one')]);
  const two = pluginIn('two');
  for (let at = 0; at < 200; at += 1) mkdirSync(path.join(two.dir, `etc/folder-${at}`), { recursive: true });
  watching?.add(two);
  // the watches of 200 folders are not set yet
  writeFileSync(path.join(two.dir, 'etc/folder-199/a.conf'), 'a');
  await until('two/etc/folder-199/a.conf');
});

it('watches folders, not each of their files', async () => {
  const plugins = Array.from({ length: 20 }, (_, at) => pluginIn(`p${at}`));
  for (const { dir } of plugins)
    for (let at = 0; at < 50; at += 1) writeFileSync(path.join(dir, `etc/${at}.conf`), 'x');
  const before = inotifyWatches();
  watchAll(plugins);
  expect(inotifyWatches() - before).toBeLessThan(100);
});

/** Watches of this process, as the kernel lists them. */
function inotifyWatches(): number {
  const script = 'cat /proc/self/fdinfo/* 2>/dev/null | grep -c ^inotify';
  const self = script.replace('self', String(process.pid));
  const { stdout } = spawnSync('sh', ['-c', self], { encoding: 'utf8' });
  return Number(stdout);
}

describe('the system’s limit of watches', () => {
  it('is told with the setting to raise, and files are polled', async () => {
    const place = project();
    try {
      const plugin = makePlugin(place.dir, 'hello');
      const limit = 'echo 2 >/proc/sys/user/max_inotify_watches; exec "$0" "$@"';
      const watch = new Watch(['hello'], place.dir, {}, ['unshare', '-Ur', 'sh', '-c', limit]);
      expect((await watch.next('held')).reason).toContain('sysctl fs.inotify.max_user_watches');
      await watch.next('verified');
      const file = path.join(plugin, 'etc/asterisk/extensions_extra.d/demo-hello.conf');
      save(file, '[demo-polled]\nexten = s,1,NoOp()\nsame = n,Hangup()\n');
      expect(await watch.next('verified')).toMatchObject({
        loaded: expect.arrayContaining(['demo-polled: s']) as unknown,
      });
      figure(8, 'limit of 2 watches: said with its sysctl, then polled, and the next save verified');
      expect(await watch.stop()).toBe(130);
    } finally {
      await place.remove();
    }
  });
});

it('sees files that git tracks although their names are those of what editors and tools leave', async () => {
  const place = project();
  const plugin = makePlugin(place.dir, 'hello');
  const names = ['etc/demo/a.conf~', 'etc/demo/.b.swp', 'node_modules/c/d.js'];
  const write = (name: string, text: string): void => writeFileSync(path.join(plugin, name), text);
  for (const name of names) {
    mkdirSync(path.dirname(path.join(plugin, name)), { recursive: true });
    write(name, 'before\n');
  }
  const git =
    'git init -q && git add -A && git add -f etc node_modules && git -c user.name=T -c user.email=t@example.org commit -qm x';
  expect(spawnSync('sh', ['-c', git], { cwd: plugin }).status).toBe(0);
  const watch = new Watch(['hello'], place.dir);
  try {
    await watch.next('verified');
    for (const name of names) {
      save(path.join(plugin, name), 'after\n');
      expect((await watch.next('batch')).files).toEqual([name]);
      await watch.next('verified');
    }
  } finally {
    await watch.stop();
    await place.remove();
  }
});

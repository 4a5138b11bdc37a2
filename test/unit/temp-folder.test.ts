import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { startTimeOf } from '../../src/support/process.ts';
import { run } from '../../src/support/run.ts';
import { privateFolder, sameFolder, temporaryFolder } from '../../src/support/temp-folder.ts';
import { tempFolder } from '../support/temp.ts';
import { makePlugin } from '../support/watch.ts';
import { BIN } from '../support/wdev.ts';

const OWN = `.wdev-${process.getuid?.() ?? 'own'}`;
const SPACE = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';

/** The name of a folder of a process; of this one's parent, which runs, or of one that has ended. */
function nameOf(word: string, pid: number): string {
  const start = (startTimeOf(pid) ?? 'gone').replaceAll('-', '').replace(/^(.{8}).*:/, '$1');
  return `${word}.${pid}-${start}-${SPACE}.abcdef`;
}

describe('a folder for temporary files', () => {
  it('lies in one of mode 0700, also where that was open before', () => {
    const base = tempFolder();
    mkdirSync(path.join(base, OWN), { mode: 0o777 });
    chmodSync(path.join(base, OWN), 0o777);
    const made = temporaryFolder('stage', base);
    expect(path.dirname(made)).toBe(path.join(base, OWN));
    expect(statSync(path.dirname(made)).mode & 0o777).toBe(0o700);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is refused where its name is a link, a file, or a folder of somebody else', () => {
    const makers: ((name: string) => void)[] = [
      (name) => symlinkSync('/var/tmp', name),
      (name) => writeFileSync(name, ''),
    ];
    if (process.getuid?.() === 0) {
      makers.push((name) => {
        mkdirSync(name);
        chownSync(name, 1, 1);
      });
    }
    for (const make of makers) {
      const base = tempFolder();
      make(path.join(base, OWN));
      expect(() => privateFolder(base)).toThrow('is not a folder of yours');
    }
  });

  it('that a killed process left goes with the next one; nothing that a link leads to does', () => {
    const base = tempFolder();
    const own = path.join(base, OWN);
    const { pid } = spawnSync('true');
    const kept = tempFolder();
    writeFileSync(path.join(kept, 'file'), 'x');
    const [left, link, living] = [nameOf('stage', pid), nameOf('copy', pid), nameOf('stage', process.ppid)];
    mkdirSync(path.join(own, left, 'source/wazo'), { recursive: true });
    writeFileSync(
      path.join(own, left, 'source/wazo/plugin.yml'),
      'name: left\nnamespace: demo\nversion: 1\n',
    );
    symlinkSync(kept, path.join(own, left, 'link'));
    mkdirSync(path.join(own, left, 'closed'));
    writeFileSync(path.join(own, left, 'closed/file'), '');
    chmodSync(path.join(own, left, 'closed'), 0o500);
    symlinkSync(kept, path.join(own, link));
    mkdirSync(path.join(own, living));
    // nor is it taken for a plugin
    expect(discoverPlugins([base])).toEqual([]);
    const made = path.basename(temporaryFolder('stage', base));
    expect(readdirSync(own).sort()).toEqual([made, living].sort());
    expect(existsSync(path.join(kept, 'file'))).toBe(true);
  });

  it('has the same path for the same key, but never two users at once', () => {
    vi.stubEnv('TMPDIR', tempFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const first = sameFolder('build', 'key');
    const second = sameFolder('build', 'key');
    expect(second.folder).not.toBe(first.folder);
    first.release();
    second.release();
    const third = sameFolder('build', 'key');
    expect(third.folder).toBe(first.folder);
    third.release();
    expect(readdirSync(path.dirname(third.folder))).toEqual([]);
  });

  it('is the only kind that wdev makes, but for drafts beside what they become', () => {
    const src = path.join(packageRoot(), 'src');
    const makers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(path.join(src, file), 'utf8').includes('mkdtemp'),
    );
    expect(makers.sort()).toEqual([
      // a folder that the person looks into
      'commands/tour.ts',
      'edits/beside.ts',
      // when the package is made
      'guide/recordings.ts',
      'support/temp-folder.ts',
      'templates/template-files.ts',
    ]);
  });
});

describe('a folder that takes no temporary files', () => {
  it.each<[string, (folder: string) => string, RegExp]>([
    ['is not there', (folder) => path.join(folder, 'nowhere'), /no such folder/],
    [
      'is a file',
      (folder) => {
        writeFileSync(path.join(folder, 'file'), '');
        return path.join(folder, 'file');
      },
      /it is no folder/,
    ],
  ])('%s: it is named, and another way', (_what, make, why) => {
    const base = make(tempFolder());
    const refused = expect.objectContaining({
      code: 'temporary-folder-refused',
      message: expect.stringMatching(why) as string,
      help: expect.stringContaining('TMPDIR=/var/tmp') as string,
    }) as Error;
    expect(() => privateFolder(base)).toThrow(refused);
  });

  const isRoot = process.getuid?.() === 0;

  it('is full: nothing is said to be a defect of wdev', { skip: !isRoot }, async () => {
    const plugin = makePlugin(tempFolder(), 'hello');
    const script = 'mount -t tmpfs -o size=4k none "$1" && TMPDIR=$1 exec "$2" "$3" build "$4"';
    const words = ['sh', '-c', script, 'sh', tempFolder(), process.execPath, BIN, plugin];
    const { stderr, status } = await run(['unshare', '--mount', ...words]);
    expect(stderr).toMatch(/no space is left[^]*TMPDIR=\/var\/tmp wdev/);
    expect(stderr).not.toContain('defect of wdev');
    expect(status).toBe(1);
  });
});

describe('a file system that runs no programs', () => {
  const isRoot = process.getuid?.() === 0;

  it('is told as what it is, with another folder to name', { skip: !isRoot }, async () => {
    const plugin = tempFolder();
    mkdirSync(path.join(plugin, 'wazo'));
    writeFileSync(path.join(plugin, 'wazo/plugin.yml'), "name: hello\nnamespace: demo\nversion: '1'\n");
    writeFileSync(path.join(plugin, 'wazo/rules'), '#!/bin/sh\n', { mode: 0o755 });
    const temporary = tempFolder();
    const script = 'mount -t tmpfs -o noexec none "$1" && TMPDIR=$1 exec "$2" "$3" build "$4" $5';
    for (const more of ['', '--no-sandbox']) {
      const words = ['sh', '-c', script, 'sh', temporary, process.execPath, BIN, plugin, more];
      const { stderr, status } = await run(['unshare', '--mount', ...words]);
      expect(stderr).toMatch(
        /lies on a file system that runs no programs \(noexec\)[^]*TMPDIR=\/var\/tmp wdev/,
      );
      expect(status).toBe(1);
    }
  });
});

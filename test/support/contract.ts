import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { decodeName, encodeName } from '../../src/support/file-name.ts';
import { hashScript, readHashLines } from '../../src/targets/hashes.ts';
import { restoreTarget } from '../../src/targets/restore.ts';
import { closeSession, openSession, type Session } from '../../src/targets/session.ts';
import { readFiles } from '../../src/targets/target-files.ts';
import type { Target } from '../../src/targets/target.ts';
import { isLong } from './promises.ts';
import { bring, differences, digest, snapshot, tree } from './target.ts';

/** One way to reach a target: how to open it, and where this machine sees its files. */
export interface Place {
  /** Folder on this machine that the target's installed paths lie below. */
  readonly root: string;
  open(): Promise<Target>;
}

const ODD_NAMES = [
  'with space',
  ' leading and trailing ',
  'it\'s "quoted"',
  '-rf',
  '--',
  'new\nline',
  'ends with newline\n',
  'back\\slash\\n',
  '$HOME `id` $(id)',
  '*',
  '?[a]',
  'ünïcode ☎',
  decodeName(Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x2e, 0x63])),
  decodeName(Buffer.from([0x81, 0x88, 0xff])),
  '.hidden',
  '..odd',
  'tab\tand\rreturn',
  'n'.repeat(240),
];

/**
 * The contract that every target keeps, whatever shell is behind it. `base` is a folder that exists on every one of
 * them and that the tests may fill.
 */
export function contract(place: () => Place, base: string, options: { readonly many: boolean }): void {
  const below = (name: string): string => `${place().root}${base}/${name}`;

  async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
    const target = await place().open();
    const session = await openSession(target).catch(async (error: unknown) => {
      await target.close();
      throw error;
    });
    try {
      return await use(session);
    } finally {
      await closeSession(session);
    }
  }

  async function cycle(before: () => void, ...trees: readonly Parameters<typeof tree>[]): Promise<void> {
    before();
    const start = digest(snapshot(`${place().root}${base}`));
    for (const args of trees) {
      const staged = tree(...args);
      await withSession(async (session) => await bring(session, staged));
      expect(differences(place().root, staged)).toEqual([]);
    }
    await withSession(async (session) => await restoreTarget(session));
    expect(digest(snapshot(`${place().root}${base}`))).toBe(start);
    expect(existsSync(`${place().root}/var/lib/wdev`)).toBe(false);
  }

  it('refuses a second one, and takes over from a shell that was killed', async () => {
    const [first, second] = [await place().open(), await place().open()];
    const session = await openSession(first);
    // another process of wdev has another token
    const lock = 'wdev_lock "ann, process 7" another';
    expect(await second.run(lock)).toMatchObject({ status: 75 });
    await session.target.run('kill -9 $$').catch(() => undefined);
    expect((await second.run(lock)).status).toBe(0);
    await second.run('wdev_unlock');
    await Promise.all([first.close(), second.close()]);
  });

  it('takes any file name, and gives its folder back', async () => {
    const names = ODD_NAMES.map((name) => `${base}/odd/${name}`);
    const all = Object.fromEntries(names.map((name) => [name, `text of ${name.length}`]));
    const folders = ODD_NAMES.map((name) => [`${base}/odd folders/${name}/x`, 'inside']);
    await cycle(
      () => undefined,
      [{ ...all, ...Object.fromEntries(folders) }],
      [Object.fromEntries(names.map((name) => [name, 'second']))],
      [{ [names[0] ?? '']: 'second' }],
    );
  });

  it('keeps what was there under odd names, and says its hash', async () => {
    await cycle(() => {
      mkdirSync(below('odd'), { recursive: true });
      for (const name of ODD_NAMES)
        writeFileSync(encodeName(below(`odd/${name}`)), `original ${name.length}`);
    }, [Object.fromEntries(ODD_NAMES.map((name) => [`${base}/odd/${name}`, 'ours']))]);
    const paths = ODD_NAMES.map((name) => `${base}/odd/${name}`);
    const target = await place().open();
    const wanted = [...paths, `${base}/none`];
    const { stdout } = await target.run(hashScript(wanted));
    expect(readHashLines(decodeName(stdout), wanted, target.root).size).toBe(ODD_NAMES.length);
    // not every sha256sum says where a name of several lines ends
    const facts = await readFiles(target, wanted);
    expect(paths.filter((name) => !name.includes('\n') && !facts.has(name))).toEqual([]);
    await target.close();
  });

  it('takes a file that is too large for memory, among others, and another one in its place', async () => {
    const large = (letter: string): Buffer => Buffer.alloc(4_300_001, letter);
    await cycle(
      () => undefined,
      [{ [`${base}/large/a`]: 'before', [`${base}/large/b`]: large('x'), [`${base}/large/c`]: 'behind' }],
      [{ [`${base}/large/a`]: 'before', [`${base}/large/b`]: large('y'), [`${base}/large/c`]: large('z') }],
    );
  });

  it('puts links, modes and empty folders, and folders where files were', async () => {
    await cycle(
      () => {
        mkdirSync(below('kinds/real'), { recursive: true });
        writeFileSync(below('kinds/private'), 'of an administrator', { mode: 0o600 });
        symlinkSync('real', below('kinds/to folder'));
        symlinkSync('nowhere', below('kinds/dangling'));
        writeFileSync(below('kinds/real/in'), 'x');
        chmodSync(below('kinds/real'), 0o750);
      },
      [
        {
          [`${base}/kinds/private`]: 'ours',
          [`${base}/kinds/to folder`]: 'a file over a link to a folder',
          [`${base}/kinds/dangling`]: { link: 'real/in' },
          [`${base}/kinds/program`]: '#!/bin/sh\n',
          [`${base}/kinds/secret`]: 'read by one',
          [`${base}/kinds/empty`]: { folder: 0o755 },
          [`${base}/kinds/real`]: { folder: 0o750 },
          [`${base}/kinds/turns`]: 'a file',
          [`${base}/kinds/folds/in/deep`]: 'a file below',
        },
        { [`${base}/kinds/program`]: 0o755, [`${base}/kinds/secret`]: 0o640 },
      ],
      [
        {
          [`${base}/kinds/private`]: { link: 'real' },
          [`${base}/kinds/turns/into/a folder`]: 'deep',
          [`${base}/kinds/folds`]: 'a file now',
          [`${base}/kinds/program`]: '#!/bin/sh\n',
          [`${base}/kinds/empty`]: { folder: 0o700 },
        },
        { [`${base}/kinds/program`]: 0o700 },
      ],
      [{}],
    );
    expect(lstatSync(below('kinds/real')).isDirectory()).toBe(true);
  });

  it('takes a batch back, with a folder that it emptied', async () => {
    const first = tree({ [`${base}/back/a`]: '1', [`${base}/back/folder/b`]: '1' });
    await withSession(async (session) => await bring(session, first));
    const before = digest(snapshot(`${place().root}${base}`));
    const second = tree({ [`${base}/back/a`]: '2', [`${base}/back/new/c`]: '2' });
    await withSession(async (session) => await bring(session, second, 'undo'));
    expect(digest(snapshot(`${place().root}${base}`))).toBe(before);
    await withSession(async (session) => {
      await bring(session, second);
      // empty folders go behind the answer
      await session.target.run(':');
      expect(differences(place().root, second)).toEqual([]);
      expect(existsSync(below('back/folder'))).toBe(false);
      await restoreTarget(session);
    });
    expect(existsSync(below('back'))).toBe(false);
  });

  const size = options.many ? 100 : 1;
  it(`carries ${size} MB in one file`, async () => {
    const bytes = Buffer.alloc(size * 1_000_000, 'wdev ');
    await withSession(async (session) => {
      await bring(session, tree({ [`${base}/large`]: bytes }));
      expect(readFileSync(below('large')).equals(bytes)).toBe(true);
      await restoreTarget(session);
    });
    expect(existsSync(below('large'))).toBe(false);
  });

  const count = isLong ? 10_000 : 2000;
  it.runIf(options.many)(
    `carries ${count} small files`,
    async () => {
      const names = Array.from({ length: count }, (_, index) => `${base}/many/${index % 20}/${index}.conf`);
      const first = tree(Object.fromEntries(names.map((name) => [name, `1 ${name}`])));
      const second = tree(Object.fromEntries(names.map((name) => [name, `2 ${name}`])));
      await withSession(async (session) => {
        const took: number[] = [];
        for (const step of [
          async () => await bring(session, first),
          async () => await bring(session, second, 'undo'),
          async () => await bring(session, second),
        ]) {
          const started = performance.now();
          await step();
          took.push(Math.round(performance.now() - started));
        }
        expect(differences(place().root, second)).toEqual([]);
        const started = performance.now();
        await restoreTarget(session);
        took.push(Math.round(performance.now() - started));
        process.stdout.write(`${count} files: new, rolled back, changed, restored: ${took.join(', ')} ms\n`);
      });
      expect(existsSync(path.dirname(below('many/0')))).toBe(false);
    },
    120_000,
  );
}

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPlugin } from '../../src/kinds/discover.ts';
import { run } from '../../src/support/run.ts';
import { refuseMany } from '../../src/git/bounds.ts';
import { listAllSources, listSources, sha256 } from '../../src/git/sources.ts';
import { tryFastPath } from '../../src/stage/fast-path.ts';
import { stagePlugin, type Stage, type StageResult } from '../../src/stage/stage.ts';

let dir = '';

const RULES = `#!/bin/sh
set -e
case "$1" in
    build) sed s/NAME/ann/ greeting.in >greeting ;;
    package)
        mkdir -p "$pkgdir/etc/acme" "$pkgdir/var/spool/acme"
        cp a.conf b.conf greeting "$pkgdir/etc/acme/"
        ln -s a.conf "$pkgdir/etc/acme/link"
        ;;
esac
`;

function write(name: string, text: string, mode = 0o644): void {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), text);
  chmodSync(path.join(dir, name), mode);
}

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wdev-test-'));
  write('wazo/plugin.yml', 'name: hello\nnamespace: demo\nversion: 0.10\n');
  write('wazo/rules', RULES, 0o755);
  write('a.conf', 'a');
  write('b.conf', 'b');
  write('greeting.in', 'hello NAME');
  write('.gitignore', 'secret\n');
  write('secret', 'do not ship');
});

afterEach(() => rmSync(dir, { recursive: true }));

async function stageHere(): Promise<StageResult> {
  const plugin = readPlugin(dir);
  if (plugin === undefined) throw new Error('no plugin');
  return await stagePlugin(plugin);
}

async function stageWell(): Promise<Stage> {
  const result = await stageHere();
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.stage;
}

describe('staging', () => {
  it('refuses a folder _pkg that is there before the package, as wazo-plugind does', async () => {
    write('wazo/rules', RULES.replace('build) ', 'build) mkdir _pkg; '), 0o755);
    expect(await stageHere()).toMatchObject({
      ok: false,
      findings: [{ code: 'pkg-folder-exists', file: 'wazo/rules', line: 4 }],
    });
    write('wazo/rules', RULES, 0o755);
    write('_pkg/etc/a.conf', 'a');
    expect(await stageHere()).toMatchObject({
      ok: false,
      findings: [{ code: 'pkg-folder-exists', file: '_pkg/etc/a.conf' }],
    });
  });

  it('runs rules in a clean copy and tells where each file comes from', async () => {
    const before = readdirSync(dir);
    const { plugin, tree } = await stageWell();
    expect(plugin).toMatchObject({ id: 'demo/hello', version: '0.10' });
    const seen = [...tree.values()].map(({ path: name, source, link, folder }) => [
      name,
      link ?? folder ?? source,
    ]);
    expect(seen.sort(([a = ''], [b = '']) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['/etc/acme/a.conf', 'a.conf'],
      ['/etc/acme/b.conf', 'b.conf'],
      ['/etc/acme/greeting', undefined],
      ['/etc/acme/link', 'a.conf'],
      ['/usr/lib/wazo-plugind/plugins/demo/hello/wazo/plugin.yml', 'wazo/plugin.yml'],
      ['/usr/lib/wazo-plugind/plugins/demo/hello/wazo/rules', 'wazo/rules'],
      ['/var/spool/acme', true],
    ]);
    expect(readdirSync(dir)).toEqual(before);
  });

  it('hands out what git would: not what it ignores, and its exec bits', async () => {
    const { sources } = await stageWell();
    expect([...sources.keys()].sort()).toEqual([
      '.gitignore',
      'a.conf',
      'b.conf',
      'greeting.in',
      'wazo/plugin.yml',
      'wazo/rules',
    ]);
    await run(['git', 'init', '-q'], { cwd: dir });
    await run(['git', 'add', '-A'], { cwd: dir });
    await run(['git', 'update-index', '--chmod=-x', 'wazo/rules'], { cwd: dir });
    await run(['git', 'config', 'core.fileMode', 'false'], { cwd: dir });
    const refused = await stageHere();
    expect(refused.ok ? [] : refused.findings).toMatchObject([
      { code: 'rules-not-executable', file: 'wazo/rules', line: 1 },
    ]);
  });

  it('says that git ignores what a step lacked', async () => {
    write('sounds/hello.wav', 'x');
    write('.gitignore', 'sounds/\n');
    write(
      'wazo/rules',
      '#!/bin/sh\ncase "$1" in\n  build) cp sounds/*.wav . ;;\n  package) ;;\nesac\n',
      0o755,
    );
    const refused = await stageHere();
    expect(refused.ok ? [] : refused.findings).toMatchObject([
      {
        code: 'stage-build-failed',
        help: expect.stringMatching(/^git ignores sounds, which lies here/) as string,
      },
    ]);
  });

  it('lists many folders as it lists each: without a repository, in one, and in one of their own', async () => {
    const folders = ['a', 'b', 'c/d', 'c/e', 'own', 'f/g', 'f/h'].map((name) => path.join(dir, 'many', name));
    for (const folder of folders) {
      mkdirSync(path.join(folder, 'wazo'), { recursive: true });
      writeFileSync(path.join(folder, 'wazo/rules'), '');
      writeFileSync(path.join(folder, 'made.log'), '');
      writeFileSync(path.join(folder, '.gitignore'), folder.endsWith('b') ? '' : '*.log\n');
    }
    await run(['git', 'init', '-q'], { cwd: path.join(dir, 'many/own') });
    // above its folders, where no clone of one has it
    writeFileSync(path.join(dir, 'many/f/.gitignore'), 'wazo\n');
    const together = await listAllSources(folders);
    for (const folder of folders) {
      const names = [...(together.get(folder)?.keys() ?? [])].sort();
      expect(names).toEqual([...(await listSources(folder)).keys()].sort());
      const made = folder.endsWith('b') ? ['made.log'] : [];
      expect(names).toEqual(['.gitignore', ...made, 'wazo/rules']);
    }
  });

  it.each<[string, string, object]>([
    ['a command that fails', 'cp nowhere "$pkgdir"', { code: 'stage-package-failed', file: 'wazo/rules' }],
    [
      'an unknown command',
      'frobnicate',
      { file: 'wazo/rules', line: 6, message: expect.stringContaining('frobnicate') as string },
    ],
    ['an unset variable', 'set -u; echo "$nothing"', { line: 6 }],
  ])('says where rules stopped: %s', async (_name, command, finding) => {
    write('wazo/rules', RULES.replace(/mkdir.*/, command), 0o755);
    const result = await stageHere();
    expect(result.ok ? [] : result.findings).toMatchObject([finding]);
  });
});

describe('a copy in the package', () => {
  it('has its bytes in memory once, in common with its source', async () => {
    const { sources, tree } = await stageWell();
    expect(tree.get('/etc/acme/a.conf')?.bytes).toBe(sources.get('a.conf')?.bytes);
  });
});

describe('a large file', () => {
  const big = (letter: string): Buffer => Buffer.alloc(5_000_000, letter);

  beforeEach(() => {
    write('wazo/rules', RULES.replace('cp a.conf', 'cp big a.conf'), 0o755);
    writeFileSync(path.join(dir, 'big'), big('a'));
  });

  it('is held on the disk once, as it was, whatever becomes of the source', async () => {
    const { tree, sources } = await stageWell();
    const staged = tree.get('/etc/acme/big');
    expect(staged).toMatchObject({ source: 'big', mode: 0o644, hash: sha256(big('a')) });
    expect(staged?.large).toBe(sources.get('big')?.large);
    expect(staged?.large?.size).toBe(5_000_000);
    writeFileSync(path.join(dir, 'big'), big('b'));
    expect(staged?.bytes.equals(big('a'))).toBe(true);
  });

  it('takes the fast path as others do', async () => {
    const stage = await stageWell();
    writeFileSync(path.join(dir, 'big'), big('b'));
    const fast = await tryFastPath(stage, ['big']);
    const staged = fast.taken ? fast.stage.tree.get('/etc/acme/big') : undefined;
    expect(staged).toMatchObject({ source: 'big', hash: sha256(big('b')) });
    expect(staged?.bytes.equals(big('b'))).toBe(true);
    writeFileSync(path.join(dir, 'big'), 'small');
    const small = await tryFastPath(stage, ['big']);
    const now = small.taken ? small.stage.tree.get('/etc/acme/big') : undefined;
    expect(now?.large).toBeUndefined();
    expect(now?.bytes.toString()).toBe('small');
  });

  it('that rules make is held on the disk too', async () => {
    write('wazo/rules', RULES.replace('sed s/NAME/ann/ greeting.in', 'head -c 6000000 /dev/zero'), 0o755);
    const { tree } = await stageWell();
    expect(tree.get('/etc/acme/big')?.large).toBeUndefined();
    expect(tree.get('/etc/acme/greeting')?.large?.size).toBe(6_000_000);
    expect(tree.get('/etc/acme/greeting')?.source).toBeUndefined();
  });
});

describe('the fast path', () => {
  it('takes the new bytes of a plain copy without running rules', async () => {
    const stage = await stageWell();
    write('a.conf', 'new');
    const fast = await tryFastPath(stage, ['a.conf']);
    expect(fast.taken && fast.stage.tree.get('/etc/acme/a.conf')?.bytes.toString()).toBe('new');
    expect(stage.tree.get('/etc/acme/a.conf')?.bytes.toString()).toBe('a');
  });

  it.each<[string, () => void, string, string]>([
    [
      'rules',
      () => write('wazo/rules', RULES.replace('ann', 'bob'), 0o755),
      'wazo/rules',
      'decides how the package is made',
    ],
    [
      'a file that rules transform',
      () => write('greeting.in', 'hi NAME'),
      'greeting.in',
      'is not a plain copy in the package',
    ],
    ['a new file', () => write('c.conf', 'c'), 'c.conf', 'is new'],
    ['a removed file', () => rmSync(path.join(dir, 'a.conf')), 'a.conf', 'is gone'],
    ['another mode', () => write('a.conf', 'a', 0o755), 'a.conf', 'has another mode'],
    [
      'a link',
      () => (rmSync(path.join(dir, 'a.conf')), symlinkSync('b.conf', path.join(dir, 'a.conf'))),
      'a.conf',
      'has another mode',
    ],
  ])('is not taken for %s', async (_name, edit, file, why) => {
    const stage = await stageWell();
    edit();
    expect(await tryFastPath(stage, [file])).toEqual({ taken: false, why: `${file} ${why}` });
  });

  it('is not taken for one of two equal files', async () => {
    write('b.conf', 'a');
    const stage = await stageWell();
    write('a.conf', 'new');
    expect(await tryFastPath(stage, ['a.conf'])).toEqual({
      taken: false,
      why: 'a.conf has the same content as 1 other files',
    });
  });
});

describe('a plugin of more files than wdev builds in a few seconds', () => {
  afterEach(() => vi.unstubAllEnvs());
  const manyAtOnce = (count: number): void => {
    for (let at = 0; at < count; at += 1) write(`data/${at}`, '');
  };

  it('is refused, with the folder that has them and the way to raise the bound', async () => {
    manyAtOnce(20);
    vi.stubEnv('WDEV_FILES', '20');
    await expect(listSources(dir)).rejects.toMatchObject({
      code: 'too-many-files',
      message: expect.stringContaining('has more than 20 files that git would hand out'),
      help: expect.stringMatching(/^data alone has 20\. .*WDEV_FILES=26$/),
    });
    vi.stubEnv('WDEV_FILES', '26');
    expect((await listSources(dir)).size).toBe(26);
  });

  it('is none that has five thousand sound files beside its own', () => {
    const names = (count: number): ReadonlyMap<string, undefined> =>
      new Map(Array.from({ length: count }, (_, at) => [`sounds/${at}.wav`, undefined]));
    expect(() => refuseMany(dir, names(5_100))).not.toThrow();
    expect(() => refuseMany(dir, names(10_001))).toThrow('has more than 10000 files');
  });

  it('is refused where its package has as many', async () => {
    write(
      'wazo/rules',
      '#!/bin/sh\n[ "$1" != package ] || for at in 0 1 2 3 4 5 6 7 8 9; do : >"$pkgdir/$at"; done\n',
      0o755,
    );
    vi.stubEnv('WDEV_FILES', '9');
    const plugin = readPlugin(dir)!;
    await expect(stagePlugin(plugin)).rejects.toMatchObject({
      code: 'too-many-files',
      message: 'the package has more than 9 files',
    });
  });
});

describe('a plugin of more megabytes than wdev copies in a few seconds', () => {
  beforeEach(() => vi.stubEnv('WDEV_MEGABYTES', '2'));
  afterEach(() => vi.unstubAllEnvs());

  it('is refused, with the file that has most of them', async () => {
    write('sounds/long', Buffer.alloc(1_500_000).toString());
    write('sounds/short', Buffer.alloc(600_000).toString());
    for (const list of [listSources, async (folder: string) => await listAllSources([folder])])
      await expect(list(dir)).rejects.toMatchObject({
        code: 'too-many-bytes',
        message: `${dir} has files of more than 2 MB together`,
        help: expect.stringMatching(/^sounds\/long alone has 2 MB\. .*WDEV_MEGABYTES=5$/),
      });
    vi.stubEnv('WDEV_MEGABYTES', '5');
    expect((await listSources(dir)).has('sounds/long')).toBe(true);
  });

  it('is refused where its package has as many', async () => {
    write(
      'wazo/rules',
      '#!/bin/sh\n[ "$1" != package ] || { mkdir "$pkgdir"/etc; truncate -s 3M "$pkgdir"/etc/long; }\n',
      0o755,
    );
    await expect(stagePlugin(readPlugin(dir)!)).rejects.toMatchObject({
      code: 'too-many-bytes',
      message: 'the package has files of more than 2 MB together',
      help: expect.stringContaining('/etc/long alone has 4 MB'),
    });
  });
});

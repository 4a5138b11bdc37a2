import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitIn, gitWrites } from '../../src/git/call.ts';
import { firstCommit } from '../../src/git/first-commit.ts';
import { readGitHead } from '../../src/git/head.ts';
import { gitNames } from '../../src/git/listing.ts';
import { descriptionOf, findRepository } from '../../src/git/repository.ts';
import { refuseDirty } from '../../src/git/state.ts';
import { GIT_IDENTITY } from '../support/wdev.ts';

let work: string;
const before = { ...process.env };

beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
  Object.assign(process.env, GIT_IDENTITY);
});

afterEach(() => {
  process.env = { ...before };
  rmSync(work, { recursive: true, force: true });
});

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

function write(folder: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), `${name}\n`);
  }
}

/** A repository with one commit. */
function repository(name: string, ...init: readonly string[]): string {
  const folder = path.join(work, name);
  write(folder, 'a.txt', 'sub/b.txt');
  git(work, 'init', '--quiet', '--initial-branch=master', ...init, folder);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'one');
  return folder;
}

async function names(folder: string): Promise<readonly string[]> {
  return [...((await gitNames([folder])).get(folder) ?? new Map<string, undefined>()).keys()].sort();
}

describe('what git itself says, and git through a view', () => {
  const ASKED: readonly (readonly string[])[] = [
    ['ls-files', '--cached', '--others', '--exclude-standard'],
    ['ls-files', '--stage'],
    ['status', '--porcelain'],
    ['rev-list', 'HEAD'],
    ['for-each-ref'],
  ];

  async function expectSame(folder: string): Promise<void> {
    for (const args of ASKED) expect((await gitIn(folder, args)).stdout.trim()).toBe(git(folder, ...args));
  }

  it('in a repository, and in a folder of it', async () => {
    const folder = repository('plain');
    write(folder, 'new.txt', 'sub/new.log');
    writeFileSync(path.join(folder, '.git/info/exclude'), '*.log\n');
    await expectSame(folder);
    await expectSame(path.join(folder, 'sub'));
  });

  it('with packed references, a split index and a detached HEAD', async () => {
    const folder = repository('packed');
    git(folder, 'tag', 'v1');
    git(folder, 'pack-refs', '--all');
    git(folder, 'update-index', '--split-index');
    git(folder, 'checkout', '--quiet', '--detach');
    write(folder, 'c.txt');
    git(folder, 'add', 'c.txt');
    await expectSame(folder);
  });

  it('in a repository with SHA-256, in a shallow clone, in a sparse checkout', async () => {
    await expectSame(repository('long', '--object-format=sha256'));
    const origin = repository('origin');
    write(origin, 'two.txt');
    git(origin, 'add', '--all');
    git(origin, 'commit', '--quiet', '--message', 'two');
    const clone = path.join(work, 'shallow');
    git(work, 'clone', '--quiet', '--depth=1', `file://${origin}`, clone);
    await expectSame(clone);
    git(clone, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'sub');
    await expectSame(clone);
  });

  it('in a linked work tree and in a submodule', async () => {
    const folder = repository('main');
    const linked = path.join(work, 'linked');
    git(folder, 'worktree', 'add', '--quiet', '-b', 'side', linked);
    write(linked, 'new.txt');
    await expectSame(linked);
    git(folder, 'submodule', '--quiet', 'add', repository('inner'), 'inner');
    await expectSame(path.join(folder, 'inner'));
    await expectSame(folder);
  });

  it('wherever the environment leads git otherwise', async () => {
    const [folder, other] = [repository('here'), repository('there')];
    write(folder, 'new.txt');
    process.env['GIT_DIR'] = path.join(other, '.git');
    process.env['GIT_INDEX_FILE'] = path.join(other, '.git/index');
    expect(await names(folder)).toEqual(['a.txt', 'new.txt', 'sub/b.txt']);
  });
});

describe('of the configuration of a repository', () => {
  it('counts only what describes it', () => {
    const folder = repository('described');
    writeFileSync(
      path.join(folder, '.git/config'),
      `[core] fileMode = FALSE ; a remark
	ignorecase
	sparseCheckout = "true"
	fsmonitor = true
	worktree = /
	pager = sh
[Core "sub"]
	symlinks = false
[extensions]
	objectFormat = sha1
	partialClone = origin
	evil = a b
[include]
	path = more
[filter "core.autocrlf = true"]
	clean = sh
`,
    );
    const found = findRepository(folder);
    expect(found === undefined ? undefined : Object.fromEntries(descriptionOf(found))).toEqual({
      'core.filemode': 'FALSE',
      'core.ignorecase': 'true',
      'core.sparsecheckout': 'true',
      'extensions.objectformat': 'sha1',
    });
  });

  it('the settings of its work tree count too', async () => {
    const folder = repository('own');
    git(folder, 'config', 'extensions.worktreeConfig', 'true');
    git(folder, 'config', '--worktree', 'core.fileMode', 'false');
    git(folder, 'update-index', '--chmod=+x', 'a.txt');
    expect((await gitNames([folder])).get(folder)?.get('a.txt')).toBe(0o755);
  });
});

describe('a repository', () => {
  it('is none when a folder only looks like a bare one', async () => {
    const folder = path.join(work, 'bare');
    git(work, 'init', '--quiet', '--bare', folder);
    write(folder, 'plugin.txt');
    expect(findRepository(folder)).toBeUndefined();
    expect(await names(folder)).toContain('HEAD');
    expect(readGitHead(folder)).toBeUndefined();
  });

  it('is found no further up than git would look', () => {
    const folder = repository('up');
    const inner = path.join(folder, 'sub');
    expect(findRepository(inner)?.root).toBe(folder);
    process.env['GIT_CEILING_DIRECTORIES'] = folder;
    expect(findRepository(inner)).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)('of somebody else is read like any other', async () => {
    const folder = repository('foreign');
    for (const name of ['', '.git']) chownSync(path.join(folder, name), 4711, 4711);
    expect(() => git(folder, 'status')).toThrow(/dubious ownership/);
    write(folder, '.gitignore', 'x.log');
    writeFileSync(path.join(folder, '.gitignore'), '*.log\n');
    expect(await names(folder)).toEqual(['.gitignore', 'a.txt', 'sub/b.txt']);
    await expect(refuseDirty(folder)).rejects.toThrow(/\.gitignore/);
  });
});

describe('what is committed', () => {
  it.each([
    ['a damaged index', 'index', (folder: string) => writeFileSync(path.join(folder, '.git/index'), 'DIRC')],
    [
      'objects that lack',
      'bad tree',
      (folder: string) => {
        const tree = git(folder, 'rev-parse', 'HEAD^{tree}');
        rmSync(path.join(folder, '.git/objects', tree.slice(0, 2)), { recursive: true });
      },
    ],
  ])('is unknown with %s, and never taken for all', async (_, why, damage) => {
    const folder = repository('damaged');
    await refuseDirty(folder);
    damage(folder);
    await expect(refuseDirty(folder)).rejects.toMatchObject({
      code: 'state-unknown',
      message: expect.stringContaining(why) as string,
    });
  });
});

describe('the person', () => {
  it("has the filters of their own configuration, and not the repository's", async () => {
    const own = path.join(work, 'gitconfig');
    writeFileSync(own, '[filter "big"]\n\tclean = "echo pointer"\n\trequired = true\n');
    process.env['GIT_CONFIG_GLOBAL'] = own;
    const folder = repository('big');
    writeFileSync(path.join(folder, '.gitattributes'), 'a.txt filter=big\nsub/* filter=other\n');
    git(folder, 'add', '--renormalize', '.');
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--all', '--message', 'two');
    git(folder, 'config', 'filter.other.clean', 'echo evil');
    expect(git(folder, 'show', 'HEAD:a.txt')).toBe('pointer');
    for (const name of ['a.txt', 'sub/b.txt']) utimesSync(path.join(folder, name), 1, 1);
    await refuseDirty(folder);
  });

  it('gets a first commit by their own hooks, and none inside a repository', async () => {
    const templates = path.join(work, 'templates');
    mkdirSync(path.join(templates, 'hooks'), { recursive: true });
    const hook = path.join(templates, 'hooks/post-commit');
    writeFileSync(hook, `#!/bin/sh\ntouch ${work}/ran\n`, { mode: 0o755 });
    process.env['GIT_TEMPLATE_DIR'] = templates;
    const folder = path.join(work, 'new');
    write(folder, 'a.txt');
    expect(await firstCommit(folder)).toBeUndefined();
    expect(git(folder, 'log', '--format=%s')).toBe('Start the plugin');
    expect(await names(work)).toContain('ran');
    write(folder, 'sub/c.txt');
    expect(await firstCommit(path.join(folder, 'sub'))).toBeUndefined();
    expect(git(folder, 'status', '--porcelain')).toBe('?? sub/');
  });

  it('gets commits in a repository whose hooks and filters are not obeyed', async () => {
    const folder = repository('written');
    const evil = path.join(work, 'evil');
    writeFileSync(evil, `#!/bin/sh\ntouch ${work}/ran\ncat\n`, { mode: 0o755 });
    symlinkSync(evil, path.join(folder, '.git/hooks/post-commit'));
    git(folder, 'config', 'filter.evil.clean', evil);
    writeFileSync(path.join(folder, '.gitattributes'), '* filter=evil\n');
    for (const args of [
      ['add', '-A'],
      ['commit', '-qm', 'two'],
    ])
      expect(await gitWrites(folder, args)).toMatchObject({ status: 0 });
    expect(git(folder, 'log', '--format=%s', 'master')).toBe('two\none');
    expect(await names(work)).not.toContain('ran');
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });
});

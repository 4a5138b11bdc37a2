import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SOUND_PLUGIN } from '../../src/check/examples.ts';
import { bumpOf, readChangeset, withSection } from '../../src/release/changelog.ts';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { planRelease } from '../../src/release/plan.ts';
import { nextVersion } from '../../src/release/version.ts';
import { versionTexts } from '../../src/package/version-edits.ts';
import { sha256 } from '../../src/git/sources.ts';
import { UserError } from '../../src/support/errors.ts';
import type { RunResult } from '../../src/support/run.ts';
import { compareDebianVersions } from '../../src/wazo/debian-versions.ts';
import { writePlugin } from '../support/plugins.ts';
import { tempFolder } from '../support/temp.ts';
import { GIT_IDENTITY, NOBODY, wdev } from '../support/wdev.ts';

describe('the order of versions', () => {
  it('is that of dpkg', () => {
    const versions = [
      '0.9',
      '1.0~rc1',
      '1.0',
      '1.0-1',
      '1.0+b1',
      '1.0.1',
      '1.2',
      '1.10',
      '1:0.1',
      '2.0a',
      '2.0',
    ];
    const rows = versions.flatMap((a) =>
      versions.map((b) => {
        const order = compareDebianVersions(a, b);
        return `${a} ${order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq'} ${b}`;
      }),
    );
    const script = 'while read -r row; do dpkg --compare-versions $row || echo "$row"; done';
    expect(execFileSync('sh', ['-c', script], { input: rows.join('\n') + '\n', encoding: 'utf8' })).toBe('');
  });
});

describe('the next version', () => {
  it.each([
    ['0.1.0', 'patch', '0.1.1'],
    ['0.1.9', 'minor', '0.2.0'],
    ['0.9', 'patch', '0.9.1'],
    ['1.2.3', 'major', '2.0.0'],
    ['1.2.3', '1.2.3', '1.2.3'],
    ['1.2~rc1', '1.2', '1.2'],
  ])('after %s, by %s, is %s', (present, wanted, next) => {
    expect(nextVersion(present, wanted)).toBe(next);
  });

  it.each([
    ['1.2.3', '1.2.2', 'older than 1.2.3'],
    ['1.2rc', 'patch', 'not of the form 1.2.3'],
    ['1.2.3', 'next', 'must start with a digit'],
    ['1.2.3', '2..0', 'name of a tag'],
    ['1.2.3', '2:1.0', 'name of a tag'],
  ])('after %s is not %s', (present, wanted, why) => {
    expect(() => nextVersion(present, wanted)).toThrow(why);
  });
});

describe('CHANGELOG.md', () => {
  const section = { version: '0.2.0', date: '2026-11-29', changes: ['One', 'Two\nlines'] };
  const own = '## 0.2.0 (2026-11-29)\n\n- One\n- Two\n  lines\n';

  it('gets the section at its top', () => {
    expect(withSection(undefined, section)).toBe(`# Changelog\n\n${own}`);
    expect(withSection('# Changes\n\nOf acme.\n\n## 0.1.0\n\n- First\n', section)).toBe(
      `# Changes\n\nOf acme.\n\n${own}\n## 0.1.0\n\n- First\n`,
    );
  });

  it('takes what stands under Unreleased', () => {
    const before = '# Changelog\n\n## [Unreleased]\n\n- Written by hand\n\n## 0.1.0\n\n- First\n';
    expect(withSection(before, { ...section, changes: [] })).toBe(
      '# Changelog\n\n## 0.2.0 (2026-11-29)\n\n- Written by hand\n\n## 0.1.0\n\n- First\n',
    );
  });

  it('reads notes of changes', () => {
    const minor = readChangeset("---\n'@acme/hello': minor\n---\n\nA route more.\n");
    const patch = readChangeset('---\nhello: patch\n---\n\nA fix.');
    expect([minor, patch]).toEqual([
      { bump: 'minor', text: 'A route more.' },
      { bump: 'patch', text: 'A fix.' },
    ]);
    expect(readChangeset('# Notes of changes\n')).toBeUndefined();
    expect(bumpOf([patch!, minor!, patch!])).toBe('minor');
  });
});

describe('the version in files', () => {
  const after = async (
    files: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>> => {
    const sources = new Map(
      Object.entries({ 'wazo/plugin.yml': 'version: "0.1.0"\n', ...files }).map(([name, text]) => {
        const bytes = Buffer.from(text);
        return [name, { path: name, mode: 0o644, bytes, hash: sha256(bytes) }];
      }),
    );
    return Object.fromEntries(await versionTexts('/plugin', sources, '0.1.0', '0.2.0'));
  };

  it('is raised where it stands by itself, and keeps its quotes', async () => {
    expect(
      await after({
        'wazo/plugin.yml': "name: hello\nversion: '0.1.0'  # of the plugin\n",
        'setup.py': "from setuptools import setup\nsetup(name='x', version='0.1.0')\n",
        'setup.cfg': '[metadata]\nversion = 0.1.0\n[other]\nversion = 0.1.0\n',
        'pyproject.toml': '[tool.x]\nversion = "0.1.0"\n[project]\nversion = "0.1.0"\n',
      }),
    ).toEqual({
      'wazo/plugin.yml': 'name: hello\nversion: "0.2.0"  # of the plugin\n',
      'setup.py': "from setuptools import setup\nsetup(name='x', version='0.2.0')\n",
      'setup.cfg': '[metadata]\nversion = 0.2.0\n[other]\nversion = 0.1.0\n',
      'pyproject.toml': '[tool.x]\nversion = "0.1.0"\n[project]\nversion = "0.2.0"\n',
    });
  });

  it('is left alone where it is another one, or read from plugin.yml', async () => {
    const other = await after({ 'setup.py': "from setuptools import setup\nsetup(version='1.0')\n" });
    const read = await after({
      'setup.py': 'from setuptools import setup\nsetup(version=PLUGIN["version"])\n',
    });
    expect([Object.keys(other), Object.keys(read)]).toEqual([['wazo/plugin.yml'], ['wazo/plugin.yml']]);
  });
});

describe('wdev release', () => {
  let dir = '';
  let bare = '';

  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: dir,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, ...GIT_IDENTITY },
    }).trim();
  const release = async (...args: readonly string[]): Promise<RunResult> =>
    await wdev(['release', ...args, '--dir', dir, '--out', path.join(dir, '.wdev/build'), '--no-rehearse'], {
      env: { XDG_STATE_HOME: path.join(bare, '../state') },
    });
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  };
  const commit = (subject: string): void => {
    git('add', '--all');
    git('commit', '--quiet', '--message', subject);
  };
  const files = (): readonly string[] => git('ls-files').split('\n');

  afterEach(() => void vi.unstubAllEnvs());

  beforeEach(() => {
    for (const [name, value] of Object.entries(GIT_IDENTITY)) vi.stubEnv(name, value);
    const work = tempFolder();
    dir = path.join(work, 'hello');
    bare = path.join(work, 'origin.git');
    writePlugin(dir);
    git('init', '--quiet', '--initial-branch=master');
    git('init', '--quiet', '--bare', bare);
    git('remote', 'add', 'origin', bare);
    commit('Start');
  });

  it('makes version, changelog, commit, tag and package, and takes them back', async () => {
    const before = git('rev-parse', 'HEAD');
    git('tag', SOUND_VERSION);
    write('README.md', 'Hello.\n');
    commit('Say hello');
    const parent = git('rev-parse', 'HEAD');
    const listed = files();
    const dry = await release('minor', '--dry-run');
    expect([dry.status, dry.stderr]).toEqual([0, '']);
    expect(dry.stdout).toContain('+- Say hello');
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([parent, '']);

    const made = await release('1.7.0');
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(git('log', '-1', '--format=%s %D')).toBe('Release 1.7.0 HEAD -> master, tag: 1.7.0');
    expect(git('show', '1.7.0:wazo/plugin.yml')).toMatch(/^version: "?1\.7\.0"?$/m);
    expect(git('show', '1.7.0:CHANGELOG.md')).toMatch(/^## 1\.7\.0 \(\d{4}-\d\d-\d\d\)\n\n- Say hello$/m);
    expect(git('show', '1.7.0:CHANGELOG.md')).not.toContain('Start');
    expect(git('status', '--porcelain')).toBe('?? .wdev/');
    const built = readdirSync(path.join(dir, '.wdev/build'));
    expect(built).toEqual([
      'wazo-plugind-hello-acme_1.7.0_all.deb',
      'wazo-plugind-hello-acme_1.7.0_all.deb.sha256',
    ]);
    const deb = sha256(readFileSync(path.join(dir, '.wdev/build', built[0] ?? '')));
    expect(readFileSync(path.join(dir, '.wdev/build', built[1] ?? ''), 'utf8')).toBe(`${deb}  ${built[0]}\n`);
    // the same commit elsewhere gives the same bytes
    execFileSync('git', ['clone', '--quiet', dir, path.join(bare, '../clone')], { stdio: 'pipe' });
    const again = await wdev(['build', path.join(bare, '../clone'), '--out', path.join(bare, '../out')]);
    expect(again.status).toBe(0);
    expect(sha256(readFileSync(path.join(bare, '../out', built[0] ?? '')))).toBe(deb);

    expect(await release('--undo')).toMatchObject({ status: 0, stderr: '' });
    expect([git('rev-parse', 'HEAD'), git('status', '--porcelain'), files()]).toEqual([
      parent,
      '?? .wdev/',
      listed,
    ]);
    expect(git('tag')).toBe(SOUND_VERSION);
    expect(before).not.toBe(parent);
  });

  it('takes notes of changes, pushes both or none, and keeps what is pushed', async () => {
    write('.changeset/README.md', '# Notes\n');
    write('.changeset/route.md', "---\n'hello': minor\n---\n\nA route more.\n");
    commit('Add a route');
    const made = await release('--push', '--json');
    expect([made.status, made.stderr]).toEqual([0, '']);
    const last = JSON.parse(made.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    const tag = nextVersion(SOUND_VERSION, 'minor');
    expect(last).toMatchObject({ event: 'released', tag, pushed: true, commit: git('rev-parse', 'HEAD') });
    expect(git('show', `${tag}:CHANGELOG.md`)).toContain('- A route more.');
    expect(files()).not.toContain('.changeset/route.md');
    expect(git('ls-remote', 'origin', 'refs/heads/master')).toContain(git('rev-parse', 'HEAD'));
    expect(git('ls-remote', 'origin', `refs/tags/${tag}`)).not.toBe('');
    expect(git('rev-parse', 'origin/master')).toBe(git('rev-parse', 'HEAD'));
    const undone = await release('--undo');
    expect(undone).toMatchObject({ status: 1 });
    expect(undone.stderr).toContain(`${tag} is pushed`);
    expect(git('tag')).toBe(tag);
  });

  it('writes nothing when check, a test or the package fails', async () => {
    const parent = (): string => git('rev-parse', 'HEAD');
    write('tests/test_it.py', 'def test_it():\n    assert 1 == 2\n');
    commit('Add a test');
    const now = parent();
    const failed = await release('patch');
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain('assert 1 == 2');
    rmSync(path.join(dir, 'tests'), { recursive: true });
    write(
      'wazo/rules',
      (SOUND_PLUGIN['wazo/rules'] ?? '').replace(
        '    package)\n',
        '    package)\n        cp gone "$pkgdir"\n',
      ),
    );
    commit('Break the package');
    const later = parent();
    const broken = await release('patch');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toMatch(/wazo\/rules:\d+/);
    // a warning of check is enough
    git('reset', '--quiet', '--hard', 'HEAD~2');
    const rules = SOUND_PLUGIN['wazo/rules'] ?? '';
    write('wazo/rules', rules.replace('-rx "dialplan reload"', '-rx "core reload"'));
    commit('Reload too much');
    const warned = await release('patch');
    expect([warned.status, warned.stdout]).toEqual([1, expect.stringContaining('[rules-core-reload]')]);
    git('reset', '--quiet', '--hard', later);
    expect([now === later, parent(), git('tag'), git('status', '--porcelain')]).toEqual([
      false,
      later,
      '',
      '',
    ]);
    expect(existsSync(path.join(dir, 'CHANGELOG.md'))).toBe(false);
  });

  const REFUSED: Readonly<Record<string, readonly [() => void, string | undefined, string, 'push'?]>> = {
    'a change that is not committed': [() => write('new.txt', 'x\n'), 'patch', 'new.txt'],
    'another branch': [
      () => git('switch', '--quiet', '--create', 'feature'),
      'patch',
      'the branch is feature',
    ],
    'branches of which none is known to be the default one': [
      () => git('branch', 'main'),
      'patch',
      'remote set-head origin --auto',
    ],
    'the same with a remote of another name': [
      () => {
        git('branch', 'main');
        git('remote', 'rename', 'origin', 'upstream');
      },
      'patch',
      'remote set-head upstream --auto',
    ],
    'a repository without a commit': [
      () => git('update-ref', '-d', 'HEAD'),
      'patch',
      'the repository has no commit yet',
    ],
    'a tag that is there': [() => git('tag', '9.9.9'), '9.9.9', 'tag 9.9.9 already exists'],
    'no word and no notes': [() => undefined, undefined, 'wdev release patch'],
    'a tag that the remote has, to push': [
      () => {
        git('tag', '8.8.8');
        git('push', '--quiet', 'origin', '8.8.8');
        git('tag', '--delete', '8.8.8');
      },
      '8.8.8',
      'origin has a tag 8.8.8',
      'push',
    ],
    'no remote to push to': [() => git('remote', 'remove', 'origin'), 'patch', 'has no remote', 'push'],
    'two plugins in one repository': [
      () => {
        writePlugin(path.join(dir, 'other'));
        rmSync(path.join(dir, 'wazo'), { recursive: true });
        writePlugin(path.join(dir, 'one'));
        commit('Two');
        dir = path.join(dir, 'one');
      },
      'patch',
      'contains other plugins too',
    ],
  };

  it('is refused before a proof where git does not know who commits', async () => {
    const refused = await wdev(['release', 'patch', '--dir', dir], { env: NOBODY });
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('git user.name and user.email are not set');
    expect(refused.stderr).toContain('git config --global user.email');
    expect(refused.status).toBe(1);
    git('config', 'user.name', 'Ann');
    git('config', 'user.email', 'ann@example.org');
    const words = ['release', 'patch', '--dir', dir, '--no-rehearse', '--dry-run'];
    expect((await wdev(words, { env: NOBODY })).status).toBe(0);
  });

  it.each(Object.entries(REFUSED))('refuses %s', async (_, [prepare, wanted, why, push]) => {
    prepare();
    const [plugin] = discoverPlugins([dir]);
    const plan = planRelease(plugin!, { wanted, date: '2026-11-29', push: push === 'push' });
    const refusal = await plan.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect(`${(refusal as UserError).message} ${(refusal as UserError).help}`).toContain(why);
    expect(git('log', '--all', '--format=%s')).not.toContain('Release');
  });

  it('takes the branch that is checked out where no remote has another, and the one that the remote names', async () => {
    const [plugin] = discoverPlugins([dir]);
    const plan = async (): Promise<string> =>
      (await planRelease(plugin!, { wanted: 'patch', date: '2026-11-29', push: false })).facts.branch;
    git('switch', '--quiet', '--create', 'trunk');
    git('push', '--quiet', 'origin', 'trunk');
    execFileSync('git', ['symbolic-ref', 'HEAD', 'refs/heads/trunk'], { cwd: bare });
    git('remote', 'rename', 'origin', 'upstream');
    git('remote', 'set-head', 'upstream', '--auto');
    expect(await plan()).toBe('trunk');
    git('remote', 'remove', 'upstream');
    git('branch', 'main');
    expect(await plan()).toBe('trunk');
  });

  it('runs no program that the repository names, not at the remote either', async () => {
    const mark = path.join(bare, '../ran');
    const hook = `#!/bin/sh\necho "$0" >> ${mark}\n`;
    for (const name of ['pre-commit', 'post-commit', 'pre-push', 'reference-transaction'])
      writeFileSync(path.join(dir, '.git/hooks', name), hook, { mode: 0o755 });
    for (const name of ['pre-receive', 'post-receive', 'update', 'post-update'])
      writeFileSync(path.join(bare, 'hooks', name), hook, { mode: 0o755 });
    git('config', 'core.sshCommand', `sh -c 'echo ssh >> ${mark}'`);
    git('config', 'gpg.program', `/bin/false`);
    git('config', 'commit.gpgSign', 'true');
    git('config', 'core.fsmonitor', path.join(dir, '.git/hooks/pre-commit'));
    rmSync(mark, { force: true });
    expect(await release('patch', '--push')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(mark)).toBe(false);
    writeFileSync(path.join(dir, '.git/config'), `[remote "origin"]\n\turl = ext::touch ${mark}\n`, {
      flag: 'a',
    });
    const later = git('rev-parse', 'HEAD');
    const ext = await release('patch', '--push');
    expect(ext.status).toBe(1);
    expect(ext.stderr).toContain('it names a program that git would start');
    expect(git('rev-parse', 'HEAD')).toBe(later);
    expect(existsSync(mark)).toBe(false);
  });
});

const SOUND_VERSION = /^version: "?([\d.]+)/m.exec(SOUND_PLUGIN['wazo/plugin.yml'] ?? '')?.[1] ?? '';

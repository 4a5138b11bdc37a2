import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '../../src/templates/load.ts';
import type { FileTree } from '../../src/edits/file-tree.ts';
import { writeTree } from '../../src/edits/new-folder.ts';
import { run } from '../../src/support/run.ts';
import { tempFolder } from '../support/temp.ts';
import { GIT_IDENTITY, wdev } from '../support/wdev.ts';

describe('wdev new', () => {
  it('makes ./hello with the name of the folder, and a first commit', async () => {
    const cwd = tempFolder();
    const made = await wdev(['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'dialplan', '--yes'], {
      cwd,
    });
    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    expect(readFileSync(path.join(cwd, 'hello/wazo/plugin.yml'), 'utf8')).toMatch(
      /^name: hello\nnamespace: demo\n/,
    );
    expect(statSync(path.join(cwd, 'hello/wazo/rules')).mode & 0o777).toBe(0o755);
    expect(readdirSync(cwd)).toEqual(['hello']);
    const git = await run(['git', 'ls-files', '-s', 'wazo/rules'], { cwd: path.join(cwd, 'hello') });
    expect(git.stdout).toMatch(/^100755 /);
    const state = await run(['git', 'status', '--short'], { cwd: path.join(cwd, 'hello') });
    expect(state.stdout).toBe('');
  });

  it('says so when git has no identity, and makes the plugin', async () => {
    const cwd = tempFolder();
    const env = {
      ...Object.fromEntries(Object.keys(GIT_IDENTITY).map((key) => [key, undefined])),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.useConfigOnly',
      GIT_CONFIG_VALUE_0: 'true',
    };
    const made = await wdev(['new', 'stack', 'hello', '--namespace', 'demo', '--yes'], { cwd, env });
    expect(made.status).toBe(0);
    expect(made.stdout).toContain('no first commit: ');
    expect(made.stdout).toContain(
      '\n  git config --global user.name "Your Name"\n  git config --global user.email ',
    );
  });

  it('makes no repository inside another one, nor with --no-git', async () => {
    const cwd = tempFolder();
    await wdev(['new', 'stack', 'one', '--namespace', 'demo', '--yes', '--no-git'], { cwd });
    expect(readdirSync(path.join(cwd, 'one'))).not.toContain('.git');
    await run(['git', 'init', '--quiet'], { cwd });
    await wdev(['new', 'stack', 'two', '--namespace', 'demo', '--yes'], { cwd });
    expect(readdirSync(path.join(cwd, 'two'))).not.toContain('.git');
  });

  it.each([
    [['new', '--yes'], /KIND/],
    [['new', 'rocket', 'x', '--yes'], /unknown kind rocket/],
    [['new', 'stack', '--namespace', 'demo', '--yes'], /--name/],
    [['new', 'stack', 'hello', '--yes'], /--namespace/],
    [['new', 'stack', 'hello'], /--namespace, --description.*--part/],
    [
      ['new', 'stack', 'hello', '--namespace', 'my-company', '--yes'],
      /--namespace: .*no hyphen.*"mycompany"/,
    ],
    [['new', 'stack', 'Hello', '--namespace', 'demo', '--yes'], /--name: .*lower-case/],
    [['new', 'stack', 'x'.repeat(60), '--namespace', 'demo5', '--yes'], /--name: .*longer than 64 letters/],
    [
      ['new', 'stack', 'hello', '--namespace', 'demo', '--part', 'nothing', '--yes'],
      /--part: unknown value "nothing"\n *List them: wdev templates show stack/,
    ],
    [['new', 'stack', 'hello', '--namespace', 'demo', '--extension', 'a b', '--yes'], /--extension/],
    [['new', 'stack', 'hello', '--namespace', 'demo', '--driver', 'x', '--yes'], /--driver/],
    [['new', 'confgend', 'x', '--namespace', 'demo', '--driver', 'wazo', '--yes'], /--driver: .*wazo/],
    [
      ['new', 'confgend', 'x', '--namespace', 'demo', '--class-name', 'None', '--yes'],
      /--class-name: .*reserved word/,
    ],
    [
      ['new', 'call-logger', 'x', '--namespace', 'demo', '--base', 'plugin', '--rate', '1', '--yes'],
      /--rate is only/,
    ],
    [
      ['new', 'stack', 'hello', '--namespace', 'demo', '--answers', 'absent.yml', '--yes'],
      /--answers absent.yml/,
    ],
    [['new', 'stack', 'hello', '--nonsense', '--yes'], /--nonsense/],
  ])('refuses %j with exit 2, naming the flag, and writes nothing', async (args, message) => {
    const cwd = tempFolder();
    const refused = await wdev(args, { cwd });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(message);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('refuses a folder that holds something, and --force keeps what is not its own', async () => {
    const cwd = tempFolder();
    mkdirSync(path.join(cwd, 'hello/wazo'), { recursive: true });
    writeFileSync(path.join(cwd, 'hello/mine.txt'), 'mine');
    writeFileSync(path.join(cwd, 'hello/wazo/rules'), 'old');
    const args = ['new', 'stack', 'hello', '--namespace', 'demo', '--yes'];
    const refused = await wdev(args, { cwd });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('hello exists and is not empty');
    expect(readFileSync(path.join(cwd, 'hello/wazo/rules'), 'utf8')).toBe('old');
    expect((await wdev([...args, '--force'], { cwd })).status).toBe(0);
    expect(readFileSync(path.join(cwd, 'hello/mine.txt'), 'utf8')).toBe('mine');
    expect(statSync(path.join(cwd, 'hello/wazo/rules')).mode & 0o777).toBe(0o755);
    expect(readdirSync(cwd)).toEqual(['hello']);
  });

  it('prints the tree with --dry-run and writes nothing', async () => {
    const cwd = tempFolder();
    const shown = await wdev(['new', 'stack', 'hello', '--namespace', 'demo', '--yes', '--dry-run'], { cwd });
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('Would make hello');
    expect(shown.stdout).toContain('rules*');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each(['stack', 'confgend', 'call-logger'])(
    '%s: --answers FILE of YAML makes the same bytes',
    async (kind) => {
      const cwd = tempFolder();
      const parts = kind === 'stack' ? ['--part', 'agi,calld,confgend,provd,systemd-unit'] : [];
      const flags = [
        '--namespace',
        'demo',
        '--description',
        'It\'s "so"\\\n100% ${x} 🎉 שלום',
        '--author',
        "O'Neil",
        ...parts,
      ];
      expect(
        (await wdev(['new', kind, 'one', '--name', 'hello', ...flags, '--no-git', '--yes'], { cwd })).status,
      ).toBe(0);
      const record = JSON.parse(readFileSync(path.join(cwd, 'one/.yo-rc.json'), 'utf8')) as Recorded;
      writeFileSync(path.join(cwd, 'answers.yml'), dump(record['generator-wazo-plugin'].answers));
      const again = await wdev(['new', kind, 'two', '--answers', 'answers.yml', '--no-git', '--yes'], {
        cwd,
      });
      expect([again.status, again.stderr]).toEqual([0, '']);
      expect((await run(['diff', '-r', 'one', 'two'], { cwd })).stdout).toBe('');
    },
  );

  it('makes the same bytes again from the recorded answers', async () => {
    const cwd = tempFolder();
    const flags = [
      '--description',
      'A "test" of ${it}\n',
      '--part',
      'dialplan',
      '--extension',
      '*99',
      '--plugin-version',
      '1.10',
    ];
    const base = ['--no-git', '--yes', '--json'];
    const one = await wdev(
      ['new', 'stack', 'one', '--name', 'hello', '--namespace', 'demo', ...flags, ...base],
      { cwd },
    );
    expect(one.status).toBe(0);
    const record = JSON.parse(readFileSync(path.join(cwd, 'one/.yo-rc.json'), 'utf8')) as Recorded;
    const { answers } = record['generator-wazo-plugin'];
    expect(answers).toMatchObject({ pluginVersion: '1.10', extension: '*99', parts: ['dialplan'] });
    const two = await wdev(['new', 'stack', 'two', '--answers', '-', ...base], {
      cwd,
      input: JSON.stringify(answers),
    });
    expect(two.stderr).toBe('');
    expect(JSON.parse(two.stdout)).toMatchObject({ dir: 'two', kind: 'stack' });
    expect((await run(['diff', '-r', 'one', 'two'], { cwd })).stdout).toBe('');
  });
});

interface Recorded {
  readonly 'generator-wazo-plugin': { readonly answers: Record<string, unknown> };
}

describe('writeTree', () => {
  const nothing = async (): Promise<undefined> => undefined;
  const tree = (...names: readonly string[]): FileTree =>
    new Map(names.map((name) => [name, { text: 'new', mode: 0o644 }]));

  it('leaves nothing behind when a file cannot be made', async () => {
    const cwd = tempFolder();
    await expect(writeTree(path.join(cwd, 'p'), tree('a', 'a/b'), false, nothing)).rejects.toThrow(
      'was not changed',
    );
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('puts old files back when a later one cannot take its place', async () => {
    const cwd = tempFolder();
    mkdirSync(path.join(cwd, 'p'));
    writeFileSync(path.join(cwd, 'p/a'), 'old');
    writeFileSync(path.join(cwd, 'p/b'), 'a file where a folder is needed');
    await expect(writeTree(path.join(cwd, 'p'), tree('a', 'b/c'), true, nothing)).rejects.toThrow(
      'was not changed',
    );
    expect(readFileSync(path.join(cwd, 'p/a'), 'utf8')).toBe('old');
    expect(readdirSync(path.join(cwd, 'p'))).toEqual(['a', 'b']);
    expect(readdirSync(cwd)).toEqual(['p']);
  });
});

/** A line of `wdev templates`. */
function line(name: string, summary: string): RegExp {
  const exact = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^ {2}${exact(name)} +${exact(summary)}$`);
}

describe('wdev templates', () => {
  it('lists kinds and parts, and shows what one makes', async () => {
    const listed = await wdev(['templates']);
    expect(listed.stdout).toMatch(
      /^Kinds.*\n {2}stack +\S.*\n {2}confgend [^]*\nParts of kind stack.*\n {2}agentd[^]*\nExamples/m,
    );
    const shown = await wdev(['templates', 'show', 'dialplan']);
    expect(shown.stdout).toContain('--extension');
    expect(shown.stdout).toContain('acme-example.conf');
    expect((await wdev(['templates', 'show', 'nothing'])).status).toBe(2);
    for (const { name, summary } of loadTemplate('stack').parts)
      expect(listed.stdout.split('\n')).toContainEqual(expect.stringMatching(line(name, summary)));
  });

  it('says which Wazo a part needs', async () => {
    const { stdout } = await wdev(['templates', 'show', 'provd']);
    expect(stdout).toMatch(/^Needs Wazo 24\.02: the Python package wazo_provd$/m);
  });

  it('shows what calld would make', async () => {
    const shown = await wdev(['templates', 'show', 'calld']);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(
      /^calld {2}wazo-calld: REST routes of the call service that label calls\n\nMake it: wdev new stack --part calld/,
    );
    for (const file of ['50-acme-example.yml', 'api.yml', 'http.py', 'plugin.py', 'test_calld.py', 'rules*'])
      expect(shown.stdout).toMatch(new RegExp(`^ +${file.replace('*', '\\*')}$`, 'm'));
  });
});

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { array, assert, constantFrom, oneof, property, string } from '../support/fast-check.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlugin, type CreateOptions } from '../../src/create/create.ts';
import { lintTemplate } from '../../src/templates/lint.ts';
import { builtInNames } from '../../src/templates/built-in.ts';
import { clash, pathProblem } from '../../src/templates/safe-paths.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { mayRun } from '../../src/templates/trust.ts';
import type { Template } from '../../src/templates/template.ts';
import { run } from '../../src/support/run.ts';
import { wdev } from '../support/wdev.ts';

const HEAD = `title: Note
summary: a note
kind: stack
`;
const QUESTIONS = `questions:
  - {name: name, type: input, message: Name, valid: plugin-name}
  - {name: namespace, type: input, message: Namespace, valid: namespace}
  - {name: where, type: input, message: Where, default: here, sample: SOMEWHERE}
`;

let work: string;
const before = { ...process.env };

beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'wdev-test-'));
  process.env['XDG_CACHE_HOME'] = path.join(work, 'cache');
  process.env['XDG_CONFIG_HOME'] = path.join(work, 'config');
});

afterEach(() => {
  process.env = { ...before };
  rmSync(work, { recursive: true, force: true });
});

function template(files: Readonly<Record<string, string | Uint8Array>>, more = ''): string {
  const folder = path.join(work, 'template');
  mkdirSync(path.join(folder, 'files'), { recursive: true });
  writeFileSync(path.join(folder, 'template.yml'), HEAD + QUESTIONS + more);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, 'files', name)), { recursive: true });
    writeFileSync(path.join(folder, 'files', name), content);
  }
  return folder;
}

function make(folder: string, answers: object = {}, options: Partial<CreateOptions> = {}): Promise<unknown> {
  return createPlugin({
    template: folder,
    dir: path.join(work, 'made'),
    answers: { name: 'hello', namespace: 'demo', ...answers },
    git: false,
    ...options,
  });
}

async function refused(attempt: Promise<unknown>, reason: RegExp): Promise<void> {
  await expect(attempt).rejects.toThrow(reason);
  expect(readdirSync(work).filter((name) => name.startsWith('made') || name.startsWith('.wdev'))).toEqual([]);
}

describe('a hostile template writes nothing', () => {
  it.each([
    ['../escaped', /leaves the folder/],
    ['a/../../escaped', /leaves the folder/],
    ['/etc/cron.d/x', /absolute path/],
    ['C:/x', /absolute path/],
    ['a\\b', /backslash/],
    ['.git/hooks/post-commit', /\.git, which no template may write/],
    ['.GIT/config', /\.git, which no template may write/],
    ['sub/NUL.txt', /device on Windows/],
    ['com1', /device on Windows/],
    ['a/b.', /dot or a space/],
    ['.yo-rc.json', /wdev writes itself/],
    ['x\u0007y', /character that Windows/],
  ])('by the path %j of its manifest', async (target, reason) => {
    const folder = template({ one: 'x' }, `paths: {one: ${JSON.stringify(target)}}\n`);
    await refused(make(folder), reason);
  });

  it('by an answer that becomes a part of a path', async () => {
    const folder = template({ SOMEWHERE: 'x' });
    await refused(make(folder, { where: '../escaped' }), /leaves the folder/);
    await refused(make(folder, { where: '' }), /is empty/);
    await make(folder, { where: 'inside' });
    expect(existsSync(path.join(work, 'made/inside'))).toBe(true);
  });

  it('by files that are one where case does not count', async () => {
    await refused(make(template({ 'a/README': 'x', 'A/readme': 'y' })), /case does not count/);
    rmSync(path.join(work, 'template'), { recursive: true });
    await refused(
      make(template({ one: 'x', two: 'y' }, 'paths: {one: Same, two: same}\n')),
      /case does not count/,
    );
  });

  it('by a symbolic link, to a file or to a folder', async () => {
    const folder = template({ one: 'x' });
    symlinkSync('/etc/passwd', path.join(folder, 'files/two'));
    await refused(make(folder), /files\/two is a symlink/);
    rmSync(path.join(folder, 'files/two'));
    symlinkSync('/etc', path.join(folder, 'parts'));
    await refused(make(folder), /parts/);
  });

  it('by too much, or by bytes that nobody announced', async () => {
    await refused(make(template({ big: 'x'.repeat(3 * 1024 * 1024) })), /big has 3\.0 MB; more than 2\.0 MB/);
    rmSync(path.join(work, 'template'), { recursive: true });
    const folder = template({ 'a.bin': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0) });
    await refused(make(folder), /template\.yml:\d+: files\/a\.bin is not text/);
    template({}, 'verbatim: [a.bin]\n');
    await make(folder);
    expect([...readFileSync(path.join(work, 'made/a.bin'))]).toEqual([0x7f, 0x45, 0x4c, 0x46, 0]);
  });

  it('through a link that stands in an occupied folder', async () => {
    const folder = template({ 'sub/one': 'x' });
    mkdirSync(path.join(work, 'outside'));
    mkdirSync(path.join(work, 'plugin'));
    symlinkSync(path.join(work, 'outside'), path.join(work, 'plugin/sub'));
    const attempt = make(folder, {}, { dir: path.join(work, 'plugin'), force: true });
    await expect(attempt).rejects.toThrow(/sub is a symlink/);
    expect(readdirSync(path.join(work, 'outside'))).toEqual([]);
    expect(readdirSync(path.join(work, 'plugin'))).toEqual(['sub']);
  });

  it('whatever its paths are', () => {
    const step = oneof(string(), constantFrom('..', '.', '', 'a', 'A', 'con', 'NUL.x', '.git', 'C:'));
    assert(
      property(array(step, { maxLength: 4 }), (steps) => {
        const target = steps.join('/');
        if (pathProblem(target) !== undefined) return;
        for (const style of [path.posix, path.win32]) {
          const whole = style.resolve('/root/plugin', target);
          expect(whole.startsWith(style.resolve('/root/plugin') + style.sep)).toBe(true);
        }
      }),
    );
  });

  it('a file is no folder', () => {
    expect(clash(['a', 'a/b'])).toEqual(['a', 'a/b']);
    expect(clash(['a/b', 'A'])).toBeDefined();
    expect(clash(['é', 'e\u0301'])).toBeDefined();
    expect(clash(['a/b', 'a/c', 'b'])).toBeUndefined();
  });
});

describe('a template that wants to run something', () => {
  const RUN = 'run:\n  - [touch, acme_example.ran]\n';
  const ran = (): boolean => existsSync(path.join(work, 'made/demo_hello.ran'));

  async function wdev(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
    const bin = path.join(packageRoot(), 'dist/src/bin.cjs');
    const answers = ['--name', 'hello', '--namespace', 'demo', '--no-git', '--yes'];
    return run([process.execPath, bin, 'new', '--template', './template', 'made', ...answers, ...args], {
      cwd: work,
    });
  }

  it('is not let under --yes, and the command is shown', async () => {
    template({ one: 'x' }, RUN);
    const done = await wdev();
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('wanted to run "touch demo_hello.ran", and was not let');
    expect(ran()).toBe(false);
  });

  it('runs under --yes --trust, and the command is shown before', async () => {
    template({ one: 'x' }, RUN);
    const done = await wdev('--trust');
    expect(done.stderr).toContain('touch demo_hello.ran');
    expect(done.status).toBe(0);
    expect(ran()).toBe(true);
  });

  it('asks once for the same content, again for another, and a no is not kept', async () => {
    const folder = template({ one: 'x' }, RUN);
    const asked: string[] = [];
    const answerWith = (answer: boolean) => async (_: unknown, commands: readonly string[]) => {
      asked.push(...commands);
      rmSync(path.join(work, 'made'), { recursive: true, force: true });
      return answer;
    };
    await make(folder, {}, { trust: answerWith(false), force: true });
    expect(ran()).toBe(false);
    await make(folder, {}, { trust: answerWith(true), force: true });
    expect(ran()).toBe(true);
    await make(folder, {}, { trust: answerWith(false), force: true });
    expect(asked).toEqual(['touch demo_hello.ran', 'touch demo_hello.ran']);
    writeFileSync(path.join(folder, 'files/one'), 'changed');
    await make(folder, {}, { trust: answerWith(false), force: true });
    expect(asked).toHaveLength(3);
  });

  it('asks again for another folder of the same commit, other layers, and other commands', async () => {
    const commit = 'a'.repeat(40);
    const template = {
      name: 'git+https://example.org/t.git#main:good',
      pin: { wdev: '1.0.0', commit },
    } as Template;
    const asked = async (changed: Partial<Template>, command = ['make']): Promise<boolean> => {
      let isAsked = false;
      const ask = async (): Promise<boolean> => await Promise.resolve((isAsked = true));
      expect(await mayRun({ ...template, ...changed }, [command], ask)).toBe(true);
      return isAsked;
    };
    expect(await asked({})).toBe(true);
    expect(await asked({})).toBe(false);
    expect(await asked({ name: 'git+https://example.org/t.git#main:evil' })).toBe(true);
    expect(await asked({ name: 'git+https://example.net/t.git#main:good' })).toBe(true);
    expect(await asked({ pin: { wdev: '0.9.0', commit } })).toBe(true);
    expect(await asked({}, ['make', 'evil'])).toBe(true);
  });

  it('gets no shell, and its failure is told', async () => {
    const folder = template({ one: 'x' }, 'run:\n  - [sh, -c, "echo sorry >&2; exit 7"]\n');
    await expect(make(folder, {}, { trust: 'yes' })).rejects.toThrow(/ended with 7: sorry/);
    template({}, 'run:\n  - ["touch", "a; touch b"]\n');
    await make(folder, {}, { trust: 'yes', force: true });
    expect(readdirSync(path.join(work, 'made'))).toContain('a; touch b');
  });
});

describe('wdev templates lint', () => {
  it('names file and line of what the manifest may not say', async () => {
    const folder = template({ 'one.md': 'x' }, 'reload: [x]\nmodes:\n  one.md: 0755\n');
    const { findings } = await lintTemplate(folder);
    const lines = findings.map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^template\.yml:8 reload is an unknown key/);
    expect(lines[1]).toMatch(/^template\.yml:10 modes\.one\.md must be .*quotes/);
    const cwd = path.dirname(path.dirname(folder));
    const given = path.relative(cwd, folder);
    const { stdout } = await wdev(['templates', 'lint', given], { cwd });
    expect(stdout).toContain(`${given}/template.yml:8: error: reload is an unknown key`);
  });

  it.each([
    ['modes: {two: "0755"}\n', {}, /template\.yml:8: there is no file two|there is no file two/],
    ['conditions: {one.md: {colour: red}}\n', {}, /no question is called "colour"/],
    ['conditions: {gone/: {where: x}}\n', {}, /Condition for "gone\/", which does not exist/],
    ['extends: [nothing]\n', {}, /has no template nothing/],
    ['', { 'two.py': 'def f(:\n' }, /two\.py.*does not parse|does not parse/],
    ['', { 'two.yml': 'a: [1\n' }, /does not parse/],
    ['', { 'bin/x.sh': 'if true\n' }, /does not parse/],
    ['', { 'two.json': '{"a": }' }, /does not parse/],
    ['', { 'two.py': 'x = 1  # @= where\n' }, /not allowed/],
    ['', { 'two.md': '# @= where @#\n' }, /Tag was not replaced/],
  ])('finds %j %j', async (more, files, message) => {
    const folder = template({ 'one.md': 'SOMEWHERE', ...files }, more);
    const { findings } = await lintTemplate(folder);
    expect(findings.map((finding) => finding.message).join('\n')).toMatch(message);
  });

  it('finds a question that nothing uses, and a file that nothing makes', async () => {
    const folder = template({ 'one.md': 'SOMEWHERE' }, 'conditions: {one.md: {where: nowhere}}\n');
    const codes = (await lintTemplate(folder)).findings.map(({ code }) => code);
    expect(codes).toEqual(['template-file-never-made']);
    template({ 'one.md': 'x' });
    const [finding] = (await lintTemplate(template({ 'one.txt': 'x' }))).findings;
    expect(finding).toMatchObject({ code: 'template-question-unused', file: 'template.yml' });
  });

  it.each([
    ['***43', 'the files contain its default "***42", not its sample "***43"'],
    ['***4', 'the files contain its default "***42", not its sample "***4"'],
    ['NOWHERE', 'the files contain its default "***42", not its sample "NOWHERE"'],
  ])('reports the sample %s where the files hold the default', async (sample, says) => {
    const more = `  - {name: extension, type: input, message: E, default: '***42', sample: '${sample}'}\n`;
    const { findings } = await lintTemplate(template({ 'one.md': 'Dial ***42, SOMEWHERE\n' }, more));
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'template-sample', message: expect.stringContaining(says) }),
    );
  });

  it('reports a sample that stands nowhere, and takes one that is not the default', async () => {
    const question = (name: string, sample: string): string =>
      `  - {name: ${name}, type: input, message: M, default: often, sample: '${sample}'}\n`;
    const folder = template(
      { 'one.md': 'SOMEWHERE, SAMPLE_PACE\n' },
      question('pace', 'SAMPLE_PACE') + question('rest', 'SAMPLE_REST'),
    );
    const messages = (await lintTemplate(folder)).findings
      .filter(({ code }) => code === 'template-sample')
      .map(({ message }) => message);
    expect(messages).toEqual([
      'Question "rest": no file, path or line contains its sample "SAMPLE_REST", so no answer changes them',
    ]);
  });

  it.each(builtInNames())('has nothing to say of our own %s', async (name) => {
    const { findings, renders } = await lintTemplate(name);
    expect(findings).toEqual([]);
    expect(renders).toBeGreaterThan(0);
  });

  it('has nothing to say of what wdev new template makes, and that makes a plugin', async () => {
    const dir = path.join(work, 'mine');
    await createPlugin({ template: 'template', dir, answers: { name: 'mine' }, git: false });
    expect((await lintTemplate(dir)).findings).toEqual([]);
    await make(dir);
    const made = readFileSync(
      path.join(work, 'made/etc/asterisk/extensions_extra.d/demo-hello.conf'),
      'utf8',
    );
    expect(made).toContain('[demo-hello]\nexten = s,1,Answer(500)\nsame = n,Playback(beep)');
  });
});

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruptedTests, sleeper, sleepingTest, tellingNumber } from '../support/interrupted-tests.ts';
import { writePlugin } from '../support/plugins.ts';
import { save } from '../support/save.ts';
import { Watch, makePlugin, project, wdevNow } from '../support/watch.ts';

const CONF = 'etc/asterisk/extensions_extra.d/demo-hello.conf';

let place: ReturnType<typeof project>;
let watch: Watch | undefined;

beforeEach(() => {
  place = project();
});

afterEach(async () => {
  await watch?.stop();
  watch = undefined;
  await place.remove();
});

function plugin(test: string, more: Readonly<Record<string, string>> = {}): string {
  const dir = path.join(place.dir, 'own');
  writePlugin(dir, { 'tests/test_it.py': test, ...more });
  return dir;
}

interface Told {
  readonly plugins: readonly {
    readonly ok: boolean;
    readonly target?: string;
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly tests: readonly {
      readonly test: string;
      readonly outcome: string;
      readonly message?: string;
      readonly help?: string;
    }[];
    readonly findings: readonly { readonly message: string; readonly help?: string }[];
  }[];
}

function told(stdout: string): Told['plugins'] {
  return (JSON.parse(stdout) as Told).plugins;
}

describe('wdev test', () => {
  it('tells of each test, and of a failure where it is', () => {
    const dir = plugin(
      `import pytest\nfrom helper import half\n\n
def test_well():\n    assert half(4) == 2\n\n
def test_wrong():\n    assert half(5) == 2\n\n
def test_raises():\n    half('a')\n\n
@pytest.mark.skip('not today')\ndef test_left():\n    pass\n\n
@pytest.mark.integration\ndef test_of_a_server():\n    raise SystemExit\n`,
      { 'tests/helper.py': 'def half(number):\n    return number / 2\n' },
    );
    const { status, stdout } = wdevNow(['test', dir, '--json'], place.dir);
    expect(status).toBe(1);
    const [{ tests, findings, ...counts } = {} as Told['plugins'][number]] = told(stdout);
    expect(counts).toMatchObject({ ok: false, passed: 1, failed: 2, skipped: 1 });
    expect(tests.map(({ test, outcome }) => [test.split('::')[1], outcome])).toEqual([
      ['test_well', 'passed'],
      ['test_wrong', 'failed'],
      ['test_raises', 'failed'],
      ['test_left', 'skipped'],
    ]);
    expect(findings).toMatchObject([
      { code: 'test-failed', level: 'error', file: 'tests/test_it.py', line: 10 },
      { code: 'test-failed', level: 'error', file: 'tests/helper.py', line: 2 },
    ]);
    const shown = wdevNow(['test', dir], place.dir);
    expect(shown.stdout).toContain('2 failed, 1 passed, 1 skipped');
    expect(shown.stdout).toMatch(/own\/tests\/test_it\.py:10.*test_wrong.*\[test-failed\]/);
    expect(shown.stdout).toContain('1 skipped: not today');
  });

  it('ends with 0 where all is well, 1 where pytest does not come to a test, 2 where there is none', () => {
    const dir = plugin('def test_it():\n    pass\n');
    const test = (...words: readonly string[]): ReturnType<typeof wdevNow> =>
      wdevNow(['test', dir, ...words], place.dir);
    expect(test()).toMatchObject({ status: 0, stdout: expect.stringContaining('1 passed') as string });
    writeFileSync(path.join(dir, 'tests/test_it.py'), 'import no_such_module\n');
    expect(test()).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/tests\/test_it\.py.*no_such_module/) as string,
    });
    writeFileSync(path.join(dir, 'tests/test_it.py'), 'import os\nos._exit(9)\n');
    expect(test().stdout).toContain('[tests-not-run]');
    rmSync(path.join(dir, 'tests'), { recursive: true });
    expect(test()).toMatchObject({ status: 2, stderr: expect.stringContaining('no tests/test_') as string });
  });

  it('names the package of Debian that brings a module which the machine lacks', () => {
    const hidden = `import sys\n\n\nclass Hidden:\n    @staticmethod\n    def find_spec(name, *_):\n        if name in ('stevedore', 'yaml', 'xivo', 'nothing'):\n            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n\n\nsys.meta_path.insert(0, Hidden)\n`;
    const dir = plugin('def test_it():\n    import stevedore\n', {
      'tests/conftest.py': hidden,
      'tests/test_own.py': 'def test_own():\n    import nothing\n',
      'tests/test_skipped.py': "import pytest\n\npytest.importorskip('yaml')\n",
      'tests/test_wazo.py': 'def test_wazo():\n    import xivo\n',
    });
    const install = (name: string): RegExp =>
      new RegExp(
        `apt-get install --no-install-recommends ${name}$|; for the system's own Python it is ${name}$`,
      );
    const [first] = told(wdevNow(['test', dir, '--json'], place.dir).stdout);
    const { tests = [], findings = [] } = first ?? {};
    const help = (name: string): unknown => findings.find(({ message }) => message.includes(name))?.help;
    expect(help('test_it')).toMatch(install('python3-stevedore'));
    expect(help('test_wazo')).toMatch(/^xivo comes with Wazo and is not installed here: add a stand-in/);
    expect(help('test_own')).toMatch(/has no module nothing: install it there$/);
    expect(tests.find(({ outcome }) => outcome === 'skipped')?.help).toMatch(install('python3-yaml'));
    const { stdout } = wdevNow(['test', dir], place.dir);
    expect(stdout).toMatch(/1 skipped: could not import 'yaml'.*python3-yaml/);
    for (const name of ['it', 'own', 'wazo']) rmSync(path.join(dir, `tests/test_${name}.py`));
    const skipped = wdevNow(['test', dir], place.dir);
    expect(skipped).toMatchObject({ status: 1 });
    expect(skipped.stdout).toMatch(/All tests were skipped: could not import 'yaml'[\s\S]*python3-yaml/);
    writeFileSync(path.join(dir, 'tests/test_own.py'), 'def test_own():\n    import nothing\n');
    writeFileSync(path.join(dir, 'nothing.py'), '');
    const [own] = told(wdevNow(['test', dir, '--json'], place.dir).stdout);
    expect(own?.findings.find(({ message }) => message.includes('test_own'))).not.toHaveProperty('help');
  });

  it('ends a command on a target in time, with all that it started, and continues with the next test', () => {
    const dir = makePlugin(place.dir, 'hello');
    const conftest = path.join(dir, 'tests/integration/conftest.py');
    writeFileSync(conftest, readFileSync(conftest, 'utf8').replace(/^SECONDS = \d+$/m, 'SECONDS = 10'));
    const seconds = 900_000_000 + Math.floor(Math.random() * 1e8);
    const stuck = `sleep ${seconds} & sleep ${seconds}; true`;
    const file = `import pytest\n\npytestmark = pytest.mark.integration\n\n\ndef test_a(shell):\n    shell('${stuck}')\n\n\ndef test_b(shell):\n    assert shell('pgrep -fx "sleep ${seconds}" || echo none') == 'none\\n'\n`;
    writeFileSync(path.join(dir, 'tests/integration/test_dialplan.py'), file);
    const [result] = told(wdevNow(['test', 'hello', '--target', 'exec:sh', '--json'], place.dir).stdout);
    expect(result?.tests).toMatchObject([{ outcome: 'failed' }, { outcome: 'passed' }]);
    expect(result?.tests[0]?.message).toContain(`no answer within 10 seconds: sh -c '${stuck}'`);
  });

  it('leaves nothing in the plugin, which its tests cannot change', () => {
    const dir = plugin(
      `import pathlib\n\ndef test_it():\n    for place in (pathlib.Path('left'), pathlib.Path(${JSON.stringify(path.join(place.dir, 'own/left'))})):\n        try:\n            place.write_text('x')\n        except OSError:\n            pass\n`,
    );
    expect(wdevNow(['test', dir], place.dir).status).toBe(0);
    expect(() => readFileSync(path.join(dir, 'left'))).toThrow(/ENOENT/);
  });

  it('asks a target by the tests that a new plugin brings, and on the embedded stack nothing but its console', () => {
    const dir = makePlugin(place.dir, 'hello');
    const test = (): ReturnType<typeof wdevNow> =>
      wdevNow(['test', 'hello', '--target', 'embedded', '--json'], place.dir);
    expect(wdevNow(['install', 'hello'], place.dir).status).toBe(0);
    const here = told(wdevNow(['test', 'hello', '--json'], place.dir).stdout);
    expect(here.flatMap(({ tests }) => tests.filter((one) => one.test.includes('integration')))).toEqual([]);
    writeFileSync(
      path.join(dir, 'tests/integration/test_shell.py'),
      'import pytest\n\npytestmark = pytest.mark.integration\n\n\ndef test_files(shell):\n    shell("touch left-by-a-test")\n',
    );
    const [there] = told(test().stdout);
    expect(there).toMatchObject({ ok: true, target: 'embedded', passed: 2, failed: 0, skipped: 1 });
    expect(there?.tests.find(({ outcome }) => outcome === 'skipped')?.message).toContain('has no shell');
    expect(wdevNow(['uninstall', 'hello'], place.dir).status).toBe(0);
    expect(test()).toMatchObject({ status: 1 });
  });
});

describe('wdev test at Ctrl-C', () => {
  it('tells in one line that the tests were ended', async () => {
    const seconds = tellingNumber();
    const text = `import subprocess\n\n\ndef test_it():\n    subprocess.run(['sleep', '${seconds}'])\n`;
    const [status, said] = await interruptedTests(place.dir, seconds, plugin(text));
    expect(status).toBe(130);
    expect(said).toMatch(/^wdev: interrupted; the tests of \S+ were ended$/m);
    await expect.poll(() => sleeper(seconds), { timeout: 240_000 }).toBeUndefined();
  });

  it('names the command that may still run on a target that is no stack', async () => {
    const seconds = tellingNumber();
    const dir = plugin(sleepingTest(seconds));
    const [status, said] = await interruptedTests(place.dir, seconds, dir, '--target', 'exec:sh');
    expect(status).toBe(130);
    expect(said).toMatch(
      new RegExp(
        `^wdev: interrupted; the tests of \\S+ were ended, but their command may still run on \\S+: sleep ${seconds}$`,
        'm',
      ),
    );
  });
});

describe('wdev watch --test', () => {
  it('runs them after each verified save, and lets what is live stay when they fail', async () => {
    const dir = makePlugin(place.dir, 'hello');
    mkdirSync(path.join(dir, 'tests'), { recursive: true });
    const own = `from pathlib import Path\n\n\ndef test_it():\n    assert '***42' in (Path(__file__).parent.parent / '${CONF}').read_text()\n`;
    for (const name of ['test_dialplan.py', 'test_package.py', 'test_plugin_yml.py'])
      rmSync(path.join(dir, 'tests', name), { force: true });
    writeFileSync(path.join(dir, 'tests/test_own.py'), own);
    watch = new Watch(['hello', '--test'], place.dir);
    const first = await watch.next('verified');
    expect(await watch.next('tested')).toMatchObject({ id: first.id, ok: true, passed: 1, findings: [] });
    expect(await watch.next('tested')).toMatchObject({ target: 'embedded', ok: true, passed: 2 });
    const file = path.join(dir, CONF);
    const text = readFileSync(file, 'utf8');
    save(file, text.replaceAll('***42', '***43'));
    const second = await watch.next('verified');
    expect(await watch.next('tested')).toMatchObject({
      id: second.id,
      ok: false,
      failed: 1,
      findings: [{ code: 'test-failed', file: 'tests/test_own.py', line: 5 }],
    });
    save(file, text);
    await watch.next('verified');
    expect(await watch.next('tested')).toMatchObject({ ok: true });
    expect(watch.events.filter(({ event }) => event === 'rolled-back' || event === 'failed')).toEqual([]);
  });

  it('ends with 1 after --once when a test fails', () => {
    const dir = plugin('def test_it():\n    assert 1 == 2\n');
    const { status, stdout } = wdevNow(['watch', dir, '--once', '--test'], place.dir);
    expect(stdout).toContain('tests: 1 failed');
    expect(stdout).toContain('[test-failed]');
    expect(status).toBe(1);
    expect(wdevNow(['watch', dir, '--once'], place.dir).status).toBe(0);
  });
});

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, type RunResult } from '../../src/support/run.ts';
import { generated } from '../support/generated-plugin.ts';

/** Every kind and option that changes its files. */
const PLUGINS: readonly [string, string, Record<string, unknown>][] = [
  ['stack with a dialplan', 'stack', { parts: ['dialplan'] }],
  [
    'stack with a pattern and names that YAML and Python mistake',
    'stack',
    { name: '42', namespace: '3com', extension: '_*77X.' },
  ],
  ['confgend', 'confgend', {}],
  [
    'confgend with texts that need care',
    'confgend',
    {
      description: `It's "so"; \\ 100% \${x} 🎉 עברית\nand more`,
      author: `O'Neil "Bob" \\`,
      email: 'a@b.org',
    },
  ],
  ['confgend for a stock file', 'confgend', { filename: 'musiconhold.conf', namespace: '3com' }],
  ['call-logger on SerialPlugin', 'call-logger', { base: 'serial' }],
  ['call-logger on Plugin', 'call-logger', { base: 'plugin', email: 'a@b.org' }],
];

/** Debian's Python, the one that Wazo's services run on. */
function python(dir: string, ...args: string[]): Promise<RunResult> {
  return run(['/usr/bin/python3', ...args], { cwd: dir, env: { PYTHONDONTWRITEBYTECODE: '1' } });
}

function filesOf(dir: string, extension: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(extension));
}

describe.each(PLUGINS)('%s', (_what, template, answers) => {
  it('passes its own tests', async () => {
    const dir = await generated(template, answers);
    const tested = await python(dir, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-rs');
    expect(tested.stdout).toMatch(/^\d+ passed in/m);
    expect(tested.stdout).not.toMatch(/skipped|warning/);
    expect(tested.status).toBe(0);
  });

  it('is clean for py_compile and yamllint', async () => {
    const dir = await generated(template, answers);
    const compiled = await python(dir, '-m', 'py_compile', ...filesOf(dir, '.py'));
    expect(compiled.stderr).toBe('');
    const config = '{extends: default, rules: {line-length: {max: 300}, document-start: disable}}';
    const linted = await run(['yamllint', '--strict', '-d', config, ...filesOf(dir, '.yml')], { cwd: dir });
    expect(linted.stdout + linted.stderr).toBe('');
  });
});

describe('wazo/rules', () => {
  it('is clean for sh and shellcheck', async () => {
    const dir = await generated('stack', {});
    expect(await run(['sh', '-n', 'wazo/rules'], { cwd: dir })).toMatchObject({ status: 0, stderr: '' });
    expect(await run(['shellcheck', 'wazo/rules'], { cwd: dir })).toMatchObject({ status: 0, stdout: '' });
  });

  it('packages whatever the umask, with modes that services can read', async () => {
    const dir = await generated('stack', {});
    const script =
      'umask 077; chmod -R go= etc; mkdir _pkg && pkgdir="$PWD/_pkg" wazo/rules package && find _pkg -printf "%P %m\\n"';
    const packaged = await run(['sh', '-c', script], { cwd: dir });
    expect(packaged.stderr).toBe('');
    expect(packaged.stdout.trim().split('\n').slice(1)).toEqual([
      'etc 755',
      'etc/asterisk 755',
      'etc/asterisk/extensions_extra.d 755',
      'etc/asterisk/extensions_extra.d/demo-hello.conf 644',
    ]);
  });

  it('a failing step fails the package', async () => {
    const dir = await generated('stack', {});
    const packaged = await run(['sh', '-c', 'rm -r etc; pkgdir="$PWD" wazo/rules package'], { cwd: dir });
    expect(packaged.status).not.toBe(0);
  });
});

describe('confgend driver', () => {
  let root: string;
  beforeAll(async () => {
    root = '';
    expect((await run(['/usr/bin/python3', '-c', 'import stevedore'])).status).toBe(0);
  });

  it('is loaded by stevedore by its namespace, and generates from its settings', async () => {
    const dir = await generated('confgend', {});
    root = path.join(dir, 'root');
    const installed = await run(['make', 'install', `DESTDIR=${root}`], { cwd: dir });
    expect(installed.status).toBe(0);
    const site = path.join(root, 'usr/lib/python3/dist-packages');
    const loaded = await run(['/usr/bin/python3', '-c', STEVEDORE, site], {
      cwd: '/',
      env: { PYTHONPATH: site, HOME: dir, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(loaded.stderr).toBe('');
    expect(loaded.stdout).toContain('[general]\nanswer = 42');
    const removed = await run(['make', 'uninstall', `DESTDIR=${root}`], { cwd: dir });
    expect(removed.status).toBe(0);
    expect(filesOf(root, 'o').concat(filesOf(root, 'y'), filesOf(root, 'l'), filesOf(root, 't'))).toEqual([]);
  });
});

const STEVEDORE = `
from stevedore.driver import DriverManager
config = {'demo_hello': {'sections': {'general': {'answer': 42}}}}
def load(argument):
    return DriverManager('wazo_confgend.asterisk.hello.conf', 'demo_hello', invoke_on_load=True, invoke_args=[argument]).driver
print(load({'config': config, 'tpl_helper': None}).generate())
`;

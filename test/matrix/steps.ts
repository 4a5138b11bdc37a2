/** What is done with each plugin of the matrix. A step gives back what is wrong, or nothing. */

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { createPlugin } from '../../src/scaffold/create.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run, type RunResult } from '../../src/support/run.ts';
import type { Case } from './cases.ts';

export interface Made {
  readonly entry: Case;
  /** The plugin. */
  readonly dir: string;
  /** A folder for what steps make. */
  readonly work: string;
}

export interface Step {
  readonly name: string;
  readonly run: (made: Made) => Promise<string | undefined>;
}

export async function make(entry: Case, work: string): Promise<Made> {
  const dir = path.join(work, 'plugin');
  const answers = { name: 'hello', namespace: 'demo', ...entry.answers };
  await createPlugin({ template: entry.template ?? entry.kind, dir, git: false, answers });
  return { entry, dir, work };
}

function filesOf(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(path.join(dir, file)).isFile(),
  );
}

/** Debian's Python, that of Wazo's services. */
function python(dir: string, args: readonly string[]): Promise<RunResult> {
  const env = { PYTHONDONTWRITEBYTECODE: '1', SETUPTOOLS_USE_DISTUTILS: undefined };
  return run(['/usr/bin/python3', ...args], { cwd: dir, env });
}

function problem(result: RunResult): string | undefined {
  return result.status === 0 ? undefined : (result.stdout + result.stderr).trim() || `exit ${result.status}`;
}

async function lint({ dir, entry }: Made): Promise<string | undefined> {
  const files = filesOf(dir);
  for (const file of files) {
    const bytes = readFileSync(path.join(dir, file));
    if (bytes.includes(0)) continue;
    const left = /acme|Acme|ACME|example_driver|Example(Driver|Plugin)|@_|_@/.exec(bytes.toString('utf8'));
    if (left !== null && !isGiven(entry, left[0])) return `${file} still holds ${left[0]}`;
  }
  const shell = files.filter((file) => /(^|\/)(rules|run)$/.test(file));
  if (shell.length > 0) {
    const checked = problem(await run(['shellcheck', ...shell], { cwd: dir }));
    if (checked !== undefined) return checked;
  }
  const yml = files.filter((file) => /\.ya?ml$/.test(file));
  const config = '{extends: default, rules: {line-length: disable, document-start: disable}}';
  const yamllint = problem(await run(['yamllint', '--strict', '-d', config, ...yml], { cwd: dir }));
  if (yamllint !== undefined) return yamllint;
  const code = files.filter((file) => file.endsWith('.py'));
  const compile = 'import ast, sys; [ast.parse(open(f, encoding="utf-8").read(), f) for f in sys.argv[1:]]';
  return problem(await python(dir, ['-c', compile, ...code]));
}

/** Some cases name acme themselves, and texts with tags come back as they were typed. */
function isGiven(entry: Case, text: string): boolean {
  return JSON.stringify(entry.answers).includes(text);
}

async function ownTests({ dir, entry }: Made): Promise<string | undefined> {
  if (entry.answers['tests'] === false) return undefined;
  const tested = await python(dir, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-rs']);
  const skipped = tested.stdout
    .split('\n')
    .filter((line) => line.startsWith('SKIPPED') && !line.includes('jinja2'));
  if (tested.status === 0 && skipped.length === 0) return undefined;
  return skipped.join('\n') + tested.stdout + tested.stderr;
}

/** Builds the package as wazo-plugind does, as a user without rights (fakeroot) and from a clean copy. */
export async function build({ dir, work, entry }: Made): Promise<string | undefined> {
  if (!existsSync(path.join(dir, 'wazo/rules'))) return undefined;
  const copy = path.join(work, 'copy');
  const root = path.join(copy, '_pkg');
  const copied = await run(['cp', '-a', dir, copy]);
  if (copied.status !== 0) return problem(copied);
  mkdirSync(root);
  // set where this runs, it would make setuptools warn of what it does not do anyway
  const env = { pkgdir: root, PYTHONDONTWRITEBYTECODE: undefined };
  const commands: readonly [string, ...string[]][] = [
    ['wazo/rules', 'build'],
    ['fakeroot', 'wazo/rules', 'package'],
  ];
  for (const command of commands) {
    const done = await run(command, { cwd: copy, env });
    if (done.status !== 0 || done.stderr !== '')
      return `${command.join(' ')}: ${problem(done) ?? done.stderr}`;
  }
  const rubbish = filesOf(root).find((file) =>
    /\.pyc$|(^|\/)(tests|build|__pycache__)\/|egg-info/.test(file),
  );
  if (rubbish !== undefined) return `the package holds ${rubbish}`;
  writeControl(root, copy);
  const packed = await run([
    'dpkg-deb',
    '--root-owner-group',
    '--build',
    root,
    path.join(work, 'plugin.deb'),
  ]);
  return problem(packed) ?? expectedFiles(entry, root);
}

interface PluginYml {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  readonly plugin_format_version: number;
  readonly debian_depends: readonly string[];
  readonly depends: readonly { readonly name: string; readonly namespace: string }[];
}

/** The control file and maintainer scripts of wazo-plugind's packages. */
function writeControl(root: string, source: string): void {
  const plugin = load(readFileSync(path.join(source, 'wazo/plugin.yml'), 'utf8')) as PluginYml;
  const installed = `usr/lib/wazo-plugind/plugins/${plugin.namespace}/${plugin.name}/wazo`;
  mkdirSync(path.join(root, installed), { recursive: true });
  for (const file of ['rules', 'plugin.yml']) {
    const mode = file === 'rules' ? 0o755 : 0o644;
    writeFileSync(path.join(root, installed, file), readFileSync(path.join(source, 'wazo', file)), { mode });
  }
  const rules = `/${installed}/rules`;
  const kept = `/var/lib/wazo-plugind/rules/rules.${plugin.name}.${plugin.namespace}`;
  const depends = [
    ...plugin.debian_depends,
    ...plugin.depends.map((other) => `wazo-plugind-${other.name}-${other.namespace}`),
  ];
  mkdirSync(path.join(root, 'DEBIAN'));
  const put = (name: string, text: string): void =>
    writeFileSync(path.join(root, 'DEBIAN', name), text, { mode: name === 'control' ? 0o644 : 0o755 });
  put(
    'control',
    `Package: wazo-plugind-${plugin.name}-${plugin.namespace}\nVersion: ${plugin.version}\nArchitecture: all\n` +
      `Maintainer: Test <test@example.org>\n${depends.length > 0 ? `Depends: ${depends.join(', ')}\n` : ''}` +
      'Description: A plugin\n',
  );
  put('postinst', `#!/bin/sh\nset -e\nif [ "$1" = configure ]; then ${rules} install; fi\n`);
  put(
    'prerm',
    `#!/bin/sh\nset -e\nif [ "$1" = remove ]; then mkdir -p ${path.dirname(kept)}; cp ${rules} ${kept}; ${rules} uninstall; fi\n`,
  );
  const postrm = plugin.plugin_format_version > 0 ? `${kept} postrm; ` : '';
  put(
    'postrm',
    `#!/bin/sh\nset -e\nif [ "$1" = remove ] && [ -e ${kept} ]; then ${postrm}rm -f ${kept}; fi\n`,
  );
}

/** A part that brings files must have brought them into the package. */
function expectedFiles(entry: Case, root: string): string | undefined {
  if (entry.part === undefined || entry.part === 'debian-depends') return undefined;
  const own = filesOf(root).filter(
    (file) => !file.startsWith('usr/lib/wazo-plugind/') && !file.startsWith('DEBIAN'),
  );
  return own.length > 0 ? undefined : 'the package is empty';
}

let checkExists: boolean | undefined;

/** `wdev check --strict`: no finding. */
async function check({ dir }: Made): Promise<string | undefined> {
  const wdev: [string, ...string[]] = [
    process.execPath,
    '--import',
    path.join(packageRoot(), 'node_modules/tsx/dist/esm/index.mjs'),
    path.join(packageRoot(), 'src/bin.ts'),
  ];
  checkExists ??= /^ {2}check\b/m.test((await run([...wdev, '--help'])).stdout);
  if (!checkExists) throw new Error('wdev has no command check');
  return problem(await run([...wdev, 'check', '--strict', dir]));
}

export const STEPS: readonly Step[] = [
  { name: 'lint', run: lint },
  { name: 'tests', run: ownTests },
  { name: 'build', run: build },
  { name: 'check', run: check },
];

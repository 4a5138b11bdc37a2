/** The steps for each plugin of the matrix. A step returns the faults, or nothing. */

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dump, load as loadYaml } from 'js-yaml';
import { judgePlugins } from '../../src/check/check.ts';
import { discoverPlugins } from '../../src/kinds/discover.ts';
import { ANSWERS_FILE } from '../../src/templates/list-files.ts';
import { createPlugin } from '../../src/create/create.ts';
import { listSources } from '../../src/git/sources.ts';
import { LineProcess } from '../../src/support/line-process.ts';
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

/** Packages that somebody may have beside pytest; the tests of a plugin bring their own, and must not take half of these. */
const HALF_OF_WAZO = path.join(import.meta.dirname, 'half-of-wazo');

/** Debian's Python, that of Wazo's services. */
function python(
  dir: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const env = { PYTHONDONTWRITEBYTECODE: '1', SETUPTOOLS_USE_DISTUTILS: undefined, ...more };
  return run(['/usr/bin/python3', ...args], { cwd: dir, env });
}

function problem(result: RunResult): string | undefined {
  return result.status === 0 ? undefined : (result.stdout + result.stderr).trim() || `exit ${result.status}`;
}

/** The answers that are recorded make the same bytes again, from a YAML file as `--answers` reads it. */
async function again({ dir, work, entry }: Made): Promise<string | undefined> {
  const record = JSON.parse(readFileSync(path.join(dir, ANSWERS_FILE), 'utf8')) as Record<string, Recorded>;
  const answers = loadYaml(dump(record['generator-wazo-plugin']?.answers)) as Record<string, unknown>;
  const other = path.join(work, 'again');
  await createPlugin({ template: entry.template ?? entry.kind, dir: other, git: false, answers });
  return problem(await run(['diff', '-r', dir, other]));
}

interface Recorded {
  readonly answers: Readonly<Record<string, unknown>>;
}

let linter: LineProcess | undefined;

/** Ends what steps keep running between cases. */
export function closeHelpers(): void {
  linter?.close();
  linter = undefined;
}

async function lint({ dir, entry }: Made): Promise<string | undefined> {
  const files = filesOf(dir);
  if (entry.answers['tests'] === false && existsSync(path.join(dir, 'tests')))
    return 'it has tests, which it should not';
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
  linter ??= new LineProcess(['/usr/bin/python3', path.join(import.meta.dirname, 'lint.py')]);
  const yml = files.filter((file) => /\.ya?ml$/.test(file));
  const py = files.filter((file) => file.endsWith('.py'));
  const answer = JSON.parse(await linter.ask(JSON.stringify({ dir, yml, py }))) as { problem: string | null };
  return answer.problem ?? undefined;
}

/** Some cases name acme themselves, and texts with tags come back as they were typed. */
function isGiven(entry: Case, text: string): boolean {
  return JSON.stringify(entry.answers).includes(text);
}

async function ownTests({ dir, entry }: Made): Promise<string | undefined> {
  if (entry.answers['tests'] === false) return undefined;
  const tested = await python(dir, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-rs'], {
    PYTHONPATH: HALF_OF_WAZO,
  });
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
  const plugin = loadYaml(readFileSync(path.join(source, 'wazo/plugin.yml'), 'utf8')) as PluginYml;
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

/** The modules that a service says it loaded (service.py). */
export interface Loaded {
  readonly config: Readonly<Record<string, unknown>>;
  readonly plugins: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly string[];
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** The methods that each route answers: `get`, `post`. */
  readonly verbs: Readonly<Record<string, readonly string[]>>;
}

export const SERVICE = path.join(import.meta.dirname, 'service.py');

const STACK = path.join(packageRoot(), 'templates/stack');

/** Folders with the base classes of the services, as plugins' own tests use them: shared ones, and those of parts. */
export const STANDINS: readonly string[] = [
  STACK,
  ...readdirSync(path.join(STACK, 'parts')).map((name) => path.join(STACK, 'parts', name)),
]
  .map((folder) => path.join(folder, 'files/tests/standins'))
  .filter((folder) => existsSync(folder));

const SITE = 'usr/lib/python3/dist-packages';

/** The services load what was built, and nothing that it offers is left out. */
async function load({ dir, work, entry }: Made): Promise<string | undefined> {
  const root = path.join(work, entry.kind === 'stack' ? 'copy/_pkg' : 'root');
  if (entry.kind === 'confgend') {
    const installed = problem(await run(['make', 'install', `DESTDIR=${root}`], { cwd: dir }));
    if (installed !== undefined) return installed;
  }
  if (!existsSync(root)) return undefined;
  const env = {
    // a plugin may bring a stand-in of more, for its own tests
    PYTHONPATH: [path.join(root, SITE), path.join(dir, 'tests/standins'), ...STANDINS].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    HOME: work,
  };
  const told = await run(['/usr/bin/python3', SERVICE, '--all', root], { cwd: '/', env });
  if (told.status !== 0 || told.stderr !== '') return told.stderr || `exit ${told.status}`;
  const byUnit = JSON.parse(told.stdout) as Record<string, Loaded>;
  const services = Object.values(byUnit);
  const problems = services.flatMap(({ problems }) => problems);
  if (problems.length > 0) return problems.join('\n');
  const untrue = curlProblem(readFileSync(path.join(dir, 'README.md'), 'utf8'), byUnit);
  if (untrue !== undefined) return untrue;
  const offered = filesOf(root).find((file) => file.endsWith('entry_points.txt'));
  if (offered === undefined) return undefined;
  const loaded = services.flatMap(({ plugins }) => Object.keys(plugins));
  const groups = [...readFileSync(path.join(root, offered), 'utf8').matchAll(/^\[(.+)\]$/gm)].map(
    ([, group]) => (group?.startsWith('wazo_confgend.') === true ? 'generated' : group),
  );
  const missing = groups.filter((group) => group === undefined || !loaded.includes(group));
  return missing.length === 0
    ? undefined
    : `no service of test/matrix/service.py loads ${missing.join(', ')}`;
}

/**
 * The README's curl of the plugin's own routes goes to one that a service has, with a method that it answers to; of a
 * plugin with routes there is one at least.
 */
function curlProblem(readme: string, services: Readonly<Record<string, Loaded>>): string | undefined {
  const curls = [...readme.replaceAll('\\\n', ' ').matchAll(/^(?:\w+=\$\()?curl [^\n]*/gm)].map(
    ([line]) => line,
  );
  let reached = 0;
  for (const line of curls) {
    const url = /https?:\/\/SERVER(?:\/api\/([\w-]+)|:(\d+))\/[\d.]+(\/[^\s"'?]*)/.exec(line);
    if (url === null) continue;
    const [, service, , place = ''] = url;
    const { verbs = {} } = services[`wazo-${service ?? 'phoned'}`] ?? {};
    const route = Object.keys(verbs).find((one) => fits(one, place));
    if (route === undefined && place.includes('demo/hello'))
      return `README.md: no service has the route of ${line}`;
    if (route === undefined) continue;
    reached += 1;
    const method = (/ -X (\w+)/.exec(line)?.[1] ?? (/ -d /.test(line) ? 'POST' : 'GET')).toLowerCase();
    if (verbs[route]?.includes(method) !== true) return `README.md: ${route} does not answer to ${line}`;
  }
  const hasRoutes = Object.values(services).some(({ verbs }) => Object.keys(verbs).length > 0);
  return hasRoutes && reached === 0 ? 'README.md: no curl goes to a route of the plugin' : undefined;
}

/** Whether Flask takes a path to a route: `<name>` and `<uuid:name>` stand for one word. */
function fits(route: string, place: string): boolean {
  const words = route.replace(/^\/\d+\.\d+(?=\/)/, '').split('/');
  const given = place.split('/');
  return (
    words.length === given.length && words.every((word, at) => word.startsWith('<') || word === given[at])
  );
}

/** `wdev check --strict`: no finding of any level. */
async function check({ dir }: Made): Promise<string | undefined> {
  const plugins = discoverPlugins([dir]);
  if (plugins.length !== 1) return `wdev finds ${plugins.length} plugins`;
  const read = await Promise.all(
    plugins.map(async (plugin) => ({ plugin, sources: await listSources(plugin.dir) })),
  );
  for (const debian of [12, 13]) {
    const [judged] = await judgePlugins(read, { debian });
    const found = (judged?.judgements ?? []).map(({ finding }) => finding);
    if (found.length > 0)
      return found.map(({ file, line, code, message }) => `${file}:${line}: ${code}: ${message}`).join('\n');
  }
  return undefined;
}

export const STEPS: readonly Step[] = [
  { name: 'again', run: again },
  { name: 'lint', run: lint },
  { name: 'tests', run: ownTests },
  { name: 'build', run: build },
  { name: 'load', run: load },
  { name: 'check', run: check },
];

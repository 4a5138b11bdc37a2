/**
 * `npm test`: installs the Debian packages that the tests need (as root on Debian; not with --no-install) and
 * builds; then the checks of the sources and the tests run at the same time. `--stage NAME`, which may stand more than
 * once, runs what stages.ts has under that name instead. Other words after `npm test --` go to vitest: the files whose
 * names hold a word, or `--project NAME`. What this machine can't run is skipped and listed at the end; with CI set,
 * nothing may be skipped, and the files of up to three failed tests are run once more by themselves: what passes then is
 * listed, since it is to be fixed.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ABILITIES, REQUIREMENTS, examine, type Lack, type Requirement } from '../src/stacks/requirements.ts';
import { COMPILED_FILE } from '../src/templates/compiled.ts';
import { failures, filesAgain, isFailed, passedAgain, summary, type Ended, type Report } from './report.ts';
import { DAILY, STAGES, wordsOf, type Run } from './stages.ts';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false';
const args = process.argv.slice(2);
const mayInstall = !args.includes('--no-install');
const stages = args.flatMap((arg, index) => (arg === '--stage' ? [args[index + 1] ?? ''] : []));
const filters = args.filter(
  (arg, index) => arg !== '--no-install' && arg !== '--stage' && args[index - 1] !== '--stage',
);

/** Needed by tests only. */
const TEST_TOOLS: readonly Requirement[] = [
  { ability: 'lint', what: 'tmux', probe: { program: 'tmux' }, debian: 'tmux' },
  {
    ability: 'stage',
    what: 'busybox',
    probe: { program: 'busybox' },
    debian: 'busybox',
    better: 'targets with nothing else are tried',
  },
  {
    ability: 'lint',
    what: 'RabbitMQ, the bus of wdev deploy',
    probe: { file: '/usr/lib/rabbitmq/bin/rabbitmq-server' },
    debian: 'rabbitmq-server',
  },
  {
    ability: 'lint',
    what: 'kombu of /usr/bin/python3',
    probe: { file: '/usr/lib/python3/dist-packages/kombu/__init__.py' },
    debian: 'python3-kombu',
  },
  ...['ansible-core', 'ansible-lint', 'aptly', 'gnupg'].map((debian) => ({
    ability: 'lint' as const,
    what: `${debian}, for wdev fleet`,
    probe: { program: debian.replace('ansible-core', 'ansible-playbook').replace('gnupg', 'gpg') },
    debian,
  })),
  {
    ability: 'lint',
    what: 'libfaketime, which sets the clock of a machine',
    probe: { file: '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1' },
    debian: 'libfaketime',
  },
  { ability: 'lint', what: 'zsh', probe: { program: 'zsh' }, debian: 'zsh' },
  { ability: 'lint', what: 'fish', probe: { program: 'fish' }, debian: 'fish' },
  { ability: 'lint', what: 'groff', probe: { program: 'groff' }, debian: 'groff' },
  {
    ability: 'lint',
    what: 'Chromium, which looks at the guide',
    probe: { program: 'chromium' },
    better: 'the guide is tried in a browser',
    // a big download, so on a person's machine only when it is asked for
    ...(inCi ? { debian: 'chromium' } : { remedy: 'apt-get install chromium' }),
  },
  ...Object.entries({
    pytest: 'python3-pytest',
    jinja2: 'python3-jinja2',
    yaml: 'python3-yaml',
    setuptools: 'python3-setuptools',
    stevedore: 'python3-stevedore',
  }).map(([module, debian]) => ({
    ability: 'python-tests' as const,
    what: `${module} of /usr/bin/python3`,
    // the tests use that Python; the first one on PATH may be another, and have them
    probe: { file: `/usr/lib/python3/dist-packages/${module}/__init__.py` },
    debian,
  })),
];

/** Checks of the sources, beside the tests; the build comes before both. */
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  // TypeScript's own checks too, by its native compiler, in all three projects
  ['oxlint', '--type-aware', '--type-check', '--quiet'],
  ['oxfmt', '--check'],
  ['depcruise', 'src', 'generators'],
  ['knip'],
  ['publint', '--strict'],
];

/** Runs a program of node_modules/.bin; `shown` prints what it writes as it comes, else it is kept. */
async function tool(
  name: string,
  command: readonly string[],
  env: Record<string, string> = {},
  shown = false,
): Promise<Ended> {
  const started = performance.now();
  const result = await execa('npx', ['--no-install', ...command], {
    reject: false,
    all: true,
    stdin: 'ignore',
    stdout: shown ? 'inherit' : 'pipe',
    stderr: shown ? 'inherit' : 'pipe',
    env,
  });
  const seconds = (performance.now() - started) / 1000;
  return { name, failed: result.exitCode !== 0, seconds, output: result.all ?? '' };
}

async function prepare(): Promise<readonly Lack[]> {
  const wanted = [...REQUIREMENTS, ...TEST_TOOLS];
  const missing = await examine(wanted);
  const packages = [...new Set(missing.flatMap(({ debian }) => debian ?? []))].sort();
  if (packages.length === 0) return missing;
  const isDebian = existsSync('/etc/debian_version');
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (!isDebian || process.getuid?.() !== 0 || !mayInstall) return missing;
  process.stdout.write(`Installing what the tests need:\n  apt-get ${install.join(' ')}\n`);
  const apt = { stdio: 'inherit', reject: false, env: { DEBIAN_FRONTEND: 'noninteractive' } } as const;
  if ((await execa('apt-get', install, apt)).exitCode !== 0) {
    await execa('apt-get', ['update'], apt);
    await execa('apt-get', install, apt);
  }
  return await examine(wanted);
}

function listMissing(missing: readonly Lack[]): void {
  if (missing.length === 0) return;
  process.stdout.write('\nSkipped, because this machine lacks something:\n');
  for (const { ability, what, remedy } of missing) {
    process.stdout.write(`  ${ABILITIES[ability]}: no ${what}. ${remedy}\n`);
  }
}

/** The files that words choose; `file` is for the report. */
async function vitest(
  name: string,
  words: readonly string[],
  file: string,
  env: Record<string, string>,
  shown: boolean,
): Promise<Ended> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const command = ['vitest', 'run', '--config', 'test/vitest.config.ts', ...reporters, ...words];
  const ended = await tool(name, command, env, shown);
  if (!existsSync(file)) return ended;
  return { ...ended, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
}

async function check(): Promise<Ended> {
  const started = performance.now();
  const ended = (failed: boolean, output: string): Ended => ({
    name: 'checks',
    failed,
    seconds: (performance.now() - started) / 1000,
    output,
  });
  for (const command of CHECKS) {
    const { failed, output } = await tool('checks', command);
    if (failed) return ended(true, `\n${command.join(' ')}\n${output}`);
  }
  return ended(false, `\n${CHECKS.map(([name]) => name).join(', ')}: passed\n`);
}

/** Whether the build is newer than all sources and templates; the compiled templates come last. */
function isBuilt(): boolean {
  const built = statSync(COMPILED_FILE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ['src', 'generators', 'templates'].every((folder) =>
    ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].every(
      (name) => statSync(path.join(folder, name)).mtimeMs < built,
    ),
  );
}

function stageOf(name: string): readonly Run[] {
  const known: Readonly<Record<string, readonly Run[]>> = STAGES;
  const stage = known[name];
  if (stage === undefined)
    throw new Error(`there is no stage ${name}; there are ${Object.keys(STAGES).join(', ')}`);
  return stage;
}

/** The projects of files of tests, as words for vitest. */
function projectsOf(files: readonly string[]): readonly string[] {
  const folders = files.map((file) => path.relative('test', file).split(path.sep)[0] ?? '');
  const projects = folders.map((folder) => (['real', 'long', 'soak'].includes(folder) ? folder : 'unit'));
  return [...new Set(projects)].flatMap((project) => ['--project', project]);
}

async function main(): Promise<number> {
  const missing = await prepare();
  if (inCi && missing.length > 0) {
    listMissing(missing);
    process.stdout.write('In CI nothing may be skipped.\n');
    return 1;
  }
  if ((filters.length === 0 && stages.length === 0) || !isBuilt()) {
    const build = await execa('npm', ['run', '--silent', 'build'], { stdio: 'inherit', reject: false });
    if (build.exitCode !== 0) return 1;
  }
  const lacks = missing.filter(({ better }) => better === undefined).map(({ ability }) => ability);
  const env = { WDEV_TEST_LACKS: [...new Set(lacks)].join(',') };
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-reports-'));
  const reportOf = (name: string): string => path.join(folder, `${name}.json`);
  const later = async (work: Promise<Ended>): Promise<Ended> => {
    const ended = await work;
    process.stdout.write(ended.output);
    return ended;
  };
  const chosen: readonly (readonly [string, Run])[] =
    stages.length > 0
      ? stages.flatMap((name) => stageOf(name).map((run) => [name, run] as const))
      : DAILY.map((run) => [run.project, run] as const);
  const runs =
    filters.length > 0
      ? [vitest('chosen', filters, reportOf('chosen'), env, true)]
      : [
          ...chosen.map(([name, run], index) =>
            later(vitest(name, wordsOf(run), reportOf(`${name}-${run.project}`), env, index === 0)),
          ),
          ...(stages.length > 0 ? [] : [later(check())]),
        ];
  const first = await Promise.all(runs);
  const again = async (run: Ended): Promise<Ended> => {
    const files = inCi ? filesAgain(run) : [];
    if (files.length === 0) return run;
    process.stdout.write(`\n${run.name}: once more, by themselves: ${files.join(', ')}\n`);
    const words = [
      '--maxWorkers=1',
      ...projectsOf(files),
      ...files.map((file) => path.relative('test', file)),
    ];
    return { ...run, again: await vitest('again', words, reportOf('again'), env, true) };
  };
  const ended: Ended[] = [];
  for (const run of first) ended.push(await again(run));
  rmSync(folder, { recursive: true });
  process.stdout.write(summary(ended));
  listMissing(missing);
  process.stdout.write(passedAgain(ended) + failures(ended));
  return ended.some(isFailed) ? 1 : 0;
}

process.exitCode = await main();

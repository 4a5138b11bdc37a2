/**
 * `npm test`: installs the Debian packages that the tests need (as root on Debian; not with --no-install),
 * then checks types, lint, format, dead code and the package, then runs the tests. What this machine can't
 * run is left out and listed at the end; with CI set, nothing may be left out.
 */
import { existsSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { ABILITIES, REQUIREMENTS, examine, type Lack, type Requirement } from '../src/stacks/requirements.ts';

const inCi = process.env['CI'] !== undefined && process.env['CI'] !== '' && process.env['CI'] !== 'false';
const args = process.argv.slice(2);
const mayInstall = !args.includes('--no-install');
const filters = args.filter((arg) => arg !== '--no-install');

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
  { ability: 'real', what: 'ip', probe: { program: 'ip' }, debian: 'iproute2' },
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
  { ability: 'python-tests', what: 'Jinja', probe: { python: ['jinja2'] }, debian: 'python3-jinja2' },
];

const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ['tsc', '-p', '.'],
  ['tsc', '-p', 'test'],
  ['oxlint', '--type-aware', '--quiet'],
  ['oxfmt', '--check'],
  ['knip'],
  ['publint', '--strict'],
];

function call(command: readonly string[], env: Record<string, string> = {}): number {
  const [program = '', ...rest] = command;
  const result = spawnSync(program, rest, { stdio: 'inherit', env: { ...process.env, ...env } });
  return result.status ?? 1;
}

async function prepare(): Promise<readonly Lack[]> {
  const wanted = [...REQUIREMENTS, ...TEST_TOOLS];
  const missing = await examine(wanted);
  const packages = [...new Set(missing.flatMap(({ debian }) => debian ?? []))].sort();
  if (packages.length === 0) return missing;
  const isDebian = existsSync('/etc/debian_version');
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!isDebian || process.getuid?.() !== 0 || !mayInstall) return missing;
  process.stdout.write(`Installing what the tests need:\n  ${install.join(' ')}\n`);
  if (call(install, { DEBIAN_FRONTEND: 'noninteractive' }) !== 0) {
    call(['apt-get', 'update']);
    call(install, { DEBIAN_FRONTEND: 'noninteractive' });
  }
  return await examine(wanted);
}

function leftOut(missing: readonly Lack[]): void {
  if (missing.length === 0) return;
  process.stdout.write('\nLeft out, because this machine lacks something:\n');
  for (const { ability, what, remedy } of missing) {
    process.stdout.write(`  ${ABILITIES[ability]}: no ${what}. ${remedy}\n`);
  }
}

async function main(): Promise<number> {
  const missing = await prepare();
  if (inCi && missing.length > 0) {
    leftOut(missing);
    process.stdout.write('In CI nothing may be left out.\n');
    return 1;
  }
  if (filters.length === 0) {
    // what was built from a source that is gone would be packed
    rmSync('dist', { recursive: true, force: true });
    for (const check of CHECKS) {
      process.stdout.write(`${check.join(' ')}\n`);
      const status = call(['npx', '--no-install', ...check]);
      if (status !== 0) return status;
    }
  }
  const lacks = [
    ...new Set(missing.filter(({ better }) => better === undefined).map(({ ability }) => ability)),
  ];
  const chosen = filters.length > 0 ? filters : ['--project', 'unit', '--project', 'real'];
  const status = call(
    ['npx', '--no-install', 'vitest', 'run', '--config', 'test/vitest.config.ts', ...chosen],
    {
      WDEV_TEST_LACKS: lacks.join(','),
    },
  );
  leftOut(missing);
  return status;
}

process.exitCode = await main();

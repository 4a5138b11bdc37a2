/**
 * How long `wdev check` takes for one plugin and for 126, beside bare node:
 * `npx tsx test/bench/check.ts [RUNS]`. Ends with 1 when one takes more than 300 ms or 126 more than 5 s.
 * The times are those of the processor, so that other work on the machine does not count, and of the clock.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadTemplate } from '../../src/templates/load.ts';
import { createPlugin } from '../../src/create/create.ts';
import { packageRoot } from '../../src/support/paths.ts';

const LIMITS = { one: 300, many: 5000 };
const PLUGINS = 126;
const runs = Number(process.argv[2] ?? 15);
const bin = path.join(packageRoot(), 'dist/src/bin.cjs');

interface Times {
  readonly clock: number;
  /** Of the program and of the programs that it started. */
  readonly processor: number;
}

function once(args: readonly string[]): Times {
  const begin = performance.now();
  // a shell's times add up what its children used
  const script = '"$@" >&2; status=$?; times; exit $status';
  const done = spawnSync('sh', ['-c', script, 'sh', process.execPath, ...args], { encoding: 'utf8' });
  const clock = performance.now() - begin;
  // 1: some of the plugins claim the same extension
  if ((done.status ?? 2) > 1) throw new Error(`${args.join(' ')}: ${done.stderr}`);
  const [, children = ''] = done.stdout.trim().split('\n');
  const processor = children
    .split(' ')
    .map((part) => /(\d+)m([\d.]+)s/.exec(part))
    .reduce((sum, match) => sum + Number(match?.[1] ?? 0) * 60_000 + Number(match?.[2] ?? 0) * 1000, 0);
  return { clock, processor };
}

/** The lower quartile: other work on the machine only ever makes a run slower. */
function quartile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN;
}

function measure(args: readonly string[], count: number): Times {
  const times = Array.from({ length: count }, () => once(args));
  return {
    clock: quartile(times.map(({ clock }) => clock)),
    processor: quartile(times.map(({ processor }) => processor)),
  };
}

/** Plugins of every part by turns, each with a name of its own. */
async function makePlugins(folder: string): Promise<void> {
  const parts = loadTemplate('stack').parts.map(({ name }) => name);
  for (let index = 0; index < PLUGINS; index += 1) {
    const name = `bench-${index}`;
    const dir = path.join(folder, name);
    const answers = { name, namespace: 'acme', parts: [parts[index % parts.length]] };
    await createPlugin({ template: 'stack', dir, git: false, answers });
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-bench-'));
try {
  await makePlugins(folder);
  const bare = measure(['-e', '0'], runs);
  const one = measure([bin, 'check', path.join(folder, 'bench-0')], runs);
  const many = measure([bin, 'check', folder], Math.max(3, Math.round(runs / 5)));
  for (const [what, times, limit] of [
    ['bare node', bare, undefined],
    ['wdev check, one plugin', one, LIMITS.one],
    [`wdev check, ${PLUGINS} plugins`, many, LIMITS.many],
  ] as const) {
    const ratio = (times.processor / bare.processor).toFixed(1);
    const bar = limit === undefined ? '' : `, bar ${limit} ms: ${times.clock <= limit ? 'pass' : 'misses'}`;
    process.stdout.write(
      `${what}: ${times.clock.toFixed(0)} ms, processor ${times.processor.toFixed(0)} ms ` +
        `(${ratio} times bare node)${bar}\n`,
    );
  }
  process.exitCode = one.clock <= LIMITS.one && many.clock <= LIMITS.many ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

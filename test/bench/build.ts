/**
 * How long `wdev build`, the start of node counted, takes against the same steps in plain shell, on a plugin with a
 * Python package and on one with a dialplan only: `npx tsx test/bench/build.ts [RUNS]`. Ends with 1 when the ratio
 * is above 1.1 on the one with Python; on the other the start of node weighs more than the steps.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildPackage } from '../../src/package/build.ts';
import { readPlugin } from '../../src/kinds/discover.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { createPlugin } from '../../src/create/create.ts';
import { commitAll, writePythonPlugin } from '../support/python-plugin.ts';

const LIMIT = 1.1;
const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(path.join(os.tmpdir(), 'wdev-bench-'));

/** Runs and waits; gives the milliseconds. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function must(command: readonly [string, ...string[]]): Promise<void> {
  const result = await run(command);
  if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr}`);
}

/** The lower quartile: other work on the machine only ever makes a run slower. */
function quartile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN;
}

const steps = path.join(packageRoot(), 'test/support/plugind-steps.sh');
const bin = path.join(packageRoot(), 'dist/src/bin.cjs');

/** Measures by turns; prints, and gives the ratio of the whole command to plain shell. */
async function compare(what: string, source: string): Promise<number> {
  const plugin = readPlugin(source);
  if (plugin === undefined) throw new Error('no plugin');
  const out = path.join(folder, 'out');
  const shell: number[] = [];
  const inProcess: number[] = [];
  const command: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const work = path.join(folder, `work-${index}`);
    mkdirSync(work);
    shell.push(await time(() => must(['sh', steps, source, work])));
    rmSync(work, { recursive: true });
    inProcess.push(await time(() => buildPackage(plugin, out)));
    command.push(await time(() => must([process.execPath, bin, 'build', source, '--out', out])));
  }
  const [base, own, whole] = [quartile(shell), quartile(inProcess), quartile(command)];
  process.stdout.write(
    `${what}: plain shell ${base.toFixed(0)} ms, buildPackage ${own.toFixed(0)} ms (${(own / base).toFixed(2)}), ` +
      `wdev build with the start of node ${whole.toFixed(0)} ms (${(whole / base).toFixed(2)})\n`,
  );
  return whole / base;
}

try {
  const python = path.join(folder, 'python');
  await writePythonPlugin(python);
  const dialplan = path.join(folder, 'dialplan');
  const answers = { name: 'small', namespace: 'acme', parts: ['dialplan'] };
  await createPlugin({ template: 'stack', dir: dialplan, git: false, answers });
  await commitAll(dialplan);
  const ratio = await compare('Python plugin', python);
  await compare('dialplan plugin', dialplan);
  process.exitCode = ratio <= LIMIT ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

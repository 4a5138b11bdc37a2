/**
 * How long `wdev build` takes against the same steps in plain shell, on a plugin with a Python package:
 * `npx tsx test/bench/build.ts [RUNS]`. Ends with 1 when the ratio is above 1.1.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildPackage } from '../../src/build/build.ts';
import { readPlugin } from '../../src/plugin/discover.ts';
import { packageRoot } from '../../src/support/paths.ts';
import { run } from '../../src/support/run.ts';
import { writePythonPlugin } from '../support/python-plugin.ts';

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

try {
  const source = path.join(folder, 'plugin');
  await writePythonPlugin(source);
  const plugin = readPlugin(source);
  if (plugin === undefined) throw new Error('no plugin');
  const steps = path.join(packageRoot(), 'test/support/plugind-steps.sh');
  const bin = path.join(packageRoot(), 'dist/src/bin.js');
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
  const ratio = own / base;
  process.stdout.write(
    `plain shell ${base.toFixed(0)} ms, buildPackage ${own.toFixed(0)} ms (${ratio.toFixed(2)}), ` +
      `wdev build with the start of node ${whole.toFixed(0)} ms (${(whole / base).toFixed(2)})\n`,
  );
  process.exitCode = ratio <= LIMIT ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

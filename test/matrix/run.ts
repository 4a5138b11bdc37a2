/**
 * npm run matrix -- [--full] [--shard K/N] [--only TEXT] [--without STEP] [--jobs N] [--table FILE]
 * Makes every case and does every step with it; prints `N passed, M failed`, and ends with 1 after a failure.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/support/errors.ts';
import { allCases, type Case } from './cases.ts';
import { STEPS, closeHelpers, make } from './steps.ts';
import { matrixPage, type Outcome } from './table.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    shard: { type: 'string', default: '1/1' },
    only: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string' },
    table: { type: 'string' },
  },
});

const steps = STEPS.filter((step) => !values.without.includes(step.name));
process.exitCode = await main();

async function main(): Promise<number> {
  const chosen = allCases(values.full).filter((entry) => entry.title.includes(values.only ?? ''));
  const cases = shardOf(chosen, values.shard);
  if (cases.length === 0) {
    console.log(
      `no case of the matrix has ${JSON.stringify(values.only ?? '')} in its title and is in shard ${values.shard}`,
    );
    return 1;
  }
  const outcomes = await runAll(cases, Number(values.jobs ?? availableParallelism()));
  closeHelpers();
  const failures = outcomes.filter((outcome) => outcome.failed.size > 0);
  if (values.table !== undefined) {
    const names = steps.map((step) => step.name);
    const before = existsSync(values.table) ? readFileSync(values.table, 'utf8') : '';
    writeFileSync(values.table, matrixPage(outcomes, names, allCases(values.full), before));
  }
  console.log(`${outcomes.length - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

/** `2/4`: every fourth case from the second on, so that four runs are one. */
function shardOf(cases: readonly Case[], shard: string): readonly Case[] {
  const [part = 0, parts = 0] = shard.split('/').map(Number);
  return cases.filter((_, index) => index % parts === part - 1);
}

async function runAll(cases: readonly Case[], jobs: number): Promise<readonly Outcome[]> {
  const outcomes = new Map<Case, Outcome>();
  const queue = [...cases];
  const worker = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      const outcome = await runCase(entry);
      outcomes.set(entry, outcome);
      for (const [step, text] of outcome.failed) console.log(`FAILED ${entry.title}: ${step}\n${text}\n`);
      if (outcomes.size % 50 === 0) console.log(`${outcomes.size} of ${cases.length}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return cases.flatMap((entry) => outcomes.get(entry) ?? []);
}

async function runCase(entry: Case): Promise<Outcome> {
  const work = mkdtempSync(path.join(tmpdir(), 'wdev-matrix-'));
  const failed = new Map<string, string>();
  try {
    const made = await make(entry, work);
    for (const step of steps) {
      const problem = await step.run(made).catch((error: unknown) => messageOf(error));
      if (problem !== undefined) failed.set(step.name, problem);
    }
  } catch (error) {
    failed.set('make', messageOf(error));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { entry, failed };
}

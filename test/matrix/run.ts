/**
 * npm run matrix -- [--full] [--only TEXT] [--without STEP] [--jobs N] [--table FILE]
 * Makes every case and does every step with it; prints `N passed, M failed`, and ends with 1 after a failure.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/support/errors.ts';
import { options, pairs, sample, singleParts, type Case } from './cases.ts';
import { STEPS, make, type Step } from './steps.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string' },
    table: { type: 'string' },
  },
});

const SAMPLED_PAIRS = 40;

interface Outcome {
  readonly entry: Case;
  readonly failed: ReadonlyMap<string, string>;
}

const steps = STEPS.filter((step) => !values.without.includes(step.name));
const outcomes = await runAll(chosenCases(), Number(values.jobs ?? availableParallelism()));
const failures = outcomes.filter((outcome) => outcome.failed.size > 0);
for (const { entry, failed } of failures) {
  for (const [step, text] of failed) console.log(`FAILED ${entry.title}: ${step}\n${text}\n`);
}
if (values.table !== undefined) writeFileSync(values.table, table(outcomes, steps));
console.log(`${outcomes.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function chosenCases(): readonly Case[] {
  const all = pairs();
  const cases = [...singleParts(), ...options(), ...(values.full ? all : sample(all, SAMPLED_PAIRS, 7))];
  return cases.filter((entry) => values.only === undefined || entry.title.includes(values.only));
}

async function runAll(cases: readonly Case[], jobs: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...cases];
  const worker = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift())
      outcomes.push(await runCase(entry));
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return cases.flatMap((entry) => outcomes.find((outcome) => outcome.entry === entry) ?? []);
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

function table(outcomes: readonly Outcome[], steps: readonly Step[]): string {
  const names = steps.map((step) => step.name);
  const rows = outcomes.map(({ entry, failed }) => {
    const cells = names.map((name) => (failed.has(name) || failed.has('make') ? 'FAILED' : 'ok'));
    return `| ${entry.title} | ${cells.join(' | ')} |`;
  });
  return [`| case | ${names.join(' | ')} |`, `|---|${names.map(() => '---').join('|')}|`, ...rows, ''].join(
    '\n',
  );
}

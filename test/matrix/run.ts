/**
 * npm run matrix -- [--full] [--shard K/N] [--only TEXT] [--without STEP] [--jobs N] [--table FILE]
 * Makes every case and does every step with it, then lets the tools of the house style read all of them; prints `N passed, M failed`, and ends with 1 after a failure.
 */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/support/errors.ts';
import { allCases, type Case } from './cases.ts';
import { STEPS, closeHelpers, make } from './steps.ts';
import { STYLE_COLUMNS, judgeStyle, keepForStyle } from './style.ts';
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
const styleColumns = STYLE_COLUMNS.filter((name) => !values.without.includes(name));
const styleRoot = mkdtempSync(path.join(tmpdir(), 'wdev-matrix-style-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(styleRoot, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const chosen = allCases(values.full).filter((entry) => entry.title.includes(values.only ?? ''));
  const cases = shardOf(chosen, values.shard);
  if (cases.length === 0) {
    console.log(
      `no case of the matrix has ${JSON.stringify(values.only ?? '')} in its title and is in shard ${values.shard}`,
    );
    return 1;
  }
  const outcomes = await withStyle(await runAll(cases, Number(values.jobs ?? availableParallelism())));
  closeHelpers();
  const failures = outcomes.filter((outcome) => outcome.failed.size > 0);
  if (values.table !== undefined) {
    const names = [...steps.map((step) => step.name), ...styleColumns];
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

/** The columns style and mypy. On a machine of CI the tools must be there; elsewhere their absence is said. */
async function withStyle(outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
  if (styleColumns.length === 0) return outcomes;
  const verdict = await judgeStyle(styleRoot);
  if (typeof verdict === 'string') {
    const said = `the tools of the house style are not here, so nobody asked them: ${verdict}`;
    if (process.env['CI'] !== undefined) throw new Error(said);
    console.log(said);
    return outcomes.map((outcome) => ({ ...outcome, notAsked: new Set(styleColumns) }));
  }
  return outcomes.map((outcome) => {
    const failed = new Map(outcome.failed);
    for (const column of styleColumns) {
      const said = verdict[folderOf(outcome.entry)]?.[column] ?? [];
      if (said.length === 0) continue;
      failed.set(column, said.join('\n'));
      console.log(`FAILED ${outcome.entry.title}: ${column}\n${said.join('\n')}\n`);
    }
    return { ...outcome, failed };
  });
}

function folderOf(entry: Case): string {
  return encodeURIComponent(entry.title);
}

async function runCase(entry: Case): Promise<Outcome> {
  const work = mkdtempSync(path.join(tmpdir(), 'wdev-matrix-'));
  const failed = new Map<string, string>();
  try {
    const made = await make(entry, work);
    if (styleColumns.length > 0) keepForStyle(made.dir, styleRoot, folderOf(entry));
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

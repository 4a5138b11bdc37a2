/** The end of `npm test`: times, counts, and what failed, of vitest's JSON reports. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** How many files the list of the slowest has. */
const SLOWEST = 10;

/** The part of vitest's JSON report that is read here. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly status: string;
    /** Why the file could not be run. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

export interface Ended {
  readonly name: string;
  readonly failed: boolean;
  readonly seconds: number;
  readonly output: string;
  /** Of a run of tests that came so far. */
  readonly report?: Report;
  /** Of its failed files, run once more. */
  readonly again?: Ended;
}

/** How many lines of why something failed are printed once more. */
const MESSAGE_LINES = 12;

/** The failed tests, each with the first lines of why: who sees only the end of the output sees these. */
export function failures(runs: readonly Ended[]): string {
  const told = runs.filter(isFailed).flatMap((run) => {
    const tests = failedTests(run.report);
    // a check, or an error outside of the tests
    return tests.length > 0 ? tests : [brief(run.output.trim() || 'vitest failed, as is told above')];
  });
  return told.length === 0 ? '' : `\nFailed:\n${told.join('\n')}\n`;
}

/** So many files may fail by accident; more is none. */
const MOST_AGAIN = 3;

/**
 * The files of a run to run once more: those with failed tests, when they are few. A slow disk or a full machine makes
 * one test of thousands fail now and then; a fault fails again.
 * @returns their paths from here; none where more failed than tests, or too much
 */
export function filesAgain({ failed, report }: Ended): readonly string[] {
  if (!failed || report === undefined) return [];
  const files = report.testResults.filter(({ status }) => status === 'failed');
  const areTests = files.every(({ assertionResults }) =>
    assertionResults.some(({ status }) => status === 'failed'),
  );
  return areTests && files.length <= MOST_AGAIN
    ? files.map(({ name }) => path.relative(process.cwd(), name))
    : [];
}

/** Tests that passed only when their file was run once more: each is still to be fixed. */
export function passedAgain(runs: readonly Ended[]): string {
  const told = runs.filter(isPassedAgain).flatMap(({ report }) => failedTests(report));
  return told.length === 0
    ? ''
    : `\nFailed, and passed when run once more (fix these, too):\n${told.join('\n')}\n`;
}

/** Whether a run failed for good. */
export function isFailed(run: Ended): boolean {
  return run.failed && !isPassedAgain(run);
}

function isPassedAgain({ failed, again }: Ended): boolean {
  return failed && again !== undefined && !again.failed;
}

function failedTests(report: Report | undefined): readonly string[] {
  const files = (report?.testResults ?? []).filter(({ status }) => status === 'failed');
  return files.flatMap(({ name, message, assertionResults }) => {
    const file = path.relative(process.cwd(), name);
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0) return [`${file}\n${brief(message)}`];
    return tests.map((one) => `${file} > ${one.fullName}\n${brief((one.failureMessages ?? []).join('\n'))}`);
  });
}

/** The first lines of a message, without the places of others in it, indented. */
function brief(message: string): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, MESSAGE_LINES);
  return lines.map((line) => `    ${line}`).join('\n');
}

/** The time of a run and its slowest files, or the time alone. */
function timesOf({ name, seconds, report }: Ended): string {
  const head = `${name}: ${seconds.toFixed(0)} s`;
  const files = (report?.testResults ?? [])
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(
      ({ name, seconds }) => `  ${seconds.toFixed(1).padStart(6)} s  ${path.relative(process.cwd(), name)}`,
    );
  return [files.length === 0 ? head : `${head}; its slowest files:`, ...files].join('\n');
}

/** The times of the runs and the count of tests. */
export function summary(runs: readonly Ended[]): string {
  const read = runs.flatMap(({ report }) => report ?? []);
  const sum = (pick: (report: Report) => number): number => read.reduce((all, it) => all + pick(it), 0);
  const passed = sum((it) => it.numPassedTests);
  const failed = sum((it) => it.numFailedTests);
  const skipped = sum((it) => it.numPendingTests);
  return `\n${runs.map(timesOf).join('\n')}\n${processorTime()}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

/** The processor time of what ran here, as Linux counts it for processes that have ended. */
function processorTime(): string {
  if (process.platform !== 'linux') return '';
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // cutime and cstime (proc(5)), in hundredths of a second
  const seconds = (Number(fields[13]) + Number(fields[14])) / 100;
  return `${seconds.toFixed(0)} s of processor time\n`;
}

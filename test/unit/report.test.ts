import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failures, filesAgain, isFailed, passedAgain, type Ended } from '../report.ts';

const run = (failed: readonly string[], of: Partial<Ended> = {}): Ended => ({
  name: 'unit',
  failed: failed.length > 0,
  seconds: 1,
  output: '',
  report: {
    numPassedTests: 5,
    numFailedTests: failed.length,
    numPendingTests: 0,
    testResults: ['one', 'two', 'three', 'four', 'five'].map((name) => {
      const status = failed.includes(name) ? 'failed' : 'passed';
      const failureMessages = failed.includes(name) ? [`${name} is wrong`] : [];
      return {
        name: path.resolve(`test/unit/${name}.test.ts`),
        startTime: 0,
        endTime: 1,
        status,
        message: '',
        assertionResults: [{ fullName: 'a test', status, failureMessages }],
      };
    }),
  },
  ...of,
});

describe('files whose tests failed', () => {
  it('are run once more when they are few', () => {
    expect(filesAgain(run(['two', 'four']))).toEqual(['test/unit/two.test.ts', 'test/unit/four.test.ts']);
    expect(filesAgain(run([]))).toEqual([]);
    expect(filesAgain(run(['one', 'two', 'three', 'four']))).toEqual([]);
  });

  it('are not where a file could not be run, or something else failed', () => {
    const [first, ...others] = run(['one']).report?.testResults ?? [];
    const broken = { ...first!, message: 'SyntaxError', assertionResults: [] };
    const report = { ...run(['one']).report!, testResults: [broken, ...others] };
    expect(filesAgain(run(['one'], { report }))).toEqual([]);
    expect(filesAgain(run([], { failed: true }))).toEqual([]);
    expect(isFailed(run([], { failed: true }))).toBe(true);
  });

  it('are told either way', () => {
    const passed = run(['one'], { again: run([]) });
    expect(isFailed(passed)).toBe(false);
    expect(passedAgain([passed])).toContain('test/unit/one.test.ts > a test\n    one is wrong');
    expect(failures([passed])).toBe('');
    const failed = run(['one'], { again: run(['one']) });
    expect(isFailed(failed)).toBe(true);
    expect(passedAgain([failed])).toBe('');
    expect(failures([failed])).toContain('test/unit/one.test.ts > a test\n    one is wrong');
  });
});

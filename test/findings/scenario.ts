import type { Finding } from '../../src/findings/finding.ts';
import type { BadChange } from '../support/bad-changes.ts';

/** Makes a finding happen, and gives what was found. */
export type Provoke = () => Promise<readonly Finding[]> | readonly Finding[];

/**
 * How a finding is made to happen: here; by a save of a table that `bad-changes.test.ts` makes under `wdev watch`; or
 * in the test of `npm test` that is named, which expects its code: for what takes a whole server of stand-ins.
 */
export type Scenario = Provoke | { readonly changes: readonly BadChange[] } | { readonly provokedIn: string };

/** A `.test.ts` of `unit`, below `test/`. */
export function provokedIn(file: string): Scenario {
  return { provokedIn: file };
}

import type { Finding } from '../../src/findings/finding.ts';
import type { BadChange } from '../support/bad-changes.ts';

/** Makes a finding happen, and gives what was found. */
export type Provoke = () => Promise<readonly Finding[]> | readonly Finding[];

/** How a finding is made to happen: here, or by a save of a table that `bad-changes.test.ts` makes under `wdev watch`. */
export type Scenario = Provoke | { readonly changes: readonly BadChange[] };

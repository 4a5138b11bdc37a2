import type { Finding } from '../../src/findings/finding.ts';

/** Makes a finding happen, and gives what was found. */
export type Provoke = () => Promise<readonly Finding[]> | readonly Finding[];

/** How a finding is made to happen: here, or in the test that is named, which asserts its code. */
export type Scenario = Provoke | { readonly provokedIn: string };

/** Below `test/`. Where it needs the real stack the test lies in `real/` or `long/`, or in the table it runs. */
export function provokedIn(file: string): Scenario {
  return { provokedIn: file };
}

/**
 * Applications behind which a call never goes on with the next priority. Source: Asterisk 22, asked by
 * test/real/dialplan-returns.test.ts; Stasis, Transfer and EndWhile do return.
 */
const ENDS = new Set(['busy', 'congestion', 'continuewhile', 'exitwhile', 'goto', 'hangup', 'return']);

/** Whether no call comes to the priority behind this application, but by a jump. */
export function isEnd(application: string): boolean {
  return ENDS.has(application.trim().toLowerCase());
}

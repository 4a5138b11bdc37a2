import type { Ability } from '../../src/stacks/requirements.ts';

/**
 * Whether this machine lacks what a test needs: for `describe.skipIf(lacks('real'))`. test/run.ts finds out
 * once, says at the end what was left out, and in CI lets nothing be left out.
 */
export function lacks(...abilities: readonly (Ability | 'pypi')[]): boolean {
  const missing = (process.env['WDEV_TEST_LACKS'] ?? '').split(',');
  return abilities.some((ability) => missing.includes(ability));
}

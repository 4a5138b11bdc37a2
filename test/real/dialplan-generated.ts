import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackLayout } from '../../src/stacks/layout.ts';
import { ensureRoot } from '../../src/stacks/real/root.ts';
import { lacks } from '../support/needs.ts';
import { Comparison, read } from './dialplan-compare.ts';
import { dialplanFiles, filesOf, groupsOf } from './dialplan-generator.ts';
import { AsteriskStack } from './dialplan-stack.ts';

const PER_RELOAD = 250;

/** Compares so many generated dialplans, as a real Asterisk and our reader take them. */
export function compareGenerated(count: number): void {
  describe.skipIf(lacks('real'))('against a real Asterisk 22', () => {
    const stack = new AsteriskStack();
    const comparison = new Comparison(stack);

    beforeAll(async () => {
      const [, base = ''] = await ensureRoot(stackLayout(), () => undefined);
      await stack.start(base);
    });
    afterAll(async () => await stack.stop());

    test.each((process.env['WDEV_TEST_SEED'] ?? '1').split(',').map(Number))(
      `${count} generated dialplans of seed %i`,
      async (seed) => {
        const dialplans = fc.sample(dialplanFiles, { numRuns: count, seed });
        const died = comparison.crashes;
        let [compared, lines, rejected] = [0, 0, 0];
        for (const [at, group] of groupsOf(dialplans, PER_RELOAD, (one) => read(one).log).entries()) {
          const generated = filesOf(group);
          const { loaded, log } = read(generated);
          expect(loaded).toBe(true);
          expect(await comparison.of(generated), `seed ${seed}, group ${at}`).toEqual([]);
          compared += group.length;
          lines += Object.values(generated).reduce((sum, text) => sum + String(text).split('\n').length, 0);
          rejected += log.length;
        }
        expect(compared).toBeGreaterThan((count * 2) / 3);
        console.log(
          `dialplan: ${compared} generated dialplans, ${lines} lines, ${rejected} log lines: 0 differences (seed ${seed}; ${dialplans.length - compared} left out because their includes keep Asterisk busy; Asterisk died ${comparison.crashes - died} times and was started again)`,
        );
      },
    );
  });
}

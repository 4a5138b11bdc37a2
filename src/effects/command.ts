import { quote, quoteAll } from '../support/quote.ts';
import { judgeProgram } from './evidence/program.ts';
import type { EffectModule } from './module.ts';

/** A program on the target, where it is installed. */
export const COMMAND: EffectModule<'command'> = {
  label: ({ argv }) => argv.join(' '),
  rank: ({ rank }) => rank,
  refusal: () => undefined,
  script: ({ effect: { argv } }) =>
    `if command -v ${quote(argv[0])} >/dev/null; then ${quoteAll(argv)} 2>&1; fi`,
  answer: () => ({}),
  judge: (outcome) => ({
    findings: judgeProgram(outcome.effect.argv.join(' '), 'command-failed', outcome, {}),
    loaded: [],
  }),
  undo: { removal: (effect) => effect, isRepeated: true, recovery: ({ argv }) => quoteAll(argv) },
};

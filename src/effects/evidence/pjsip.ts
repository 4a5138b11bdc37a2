import type { Finding } from '../../findings/finding.ts';
import type { EffectOutcome, Evidence } from '../module.ts';
import { makesPjsip, reloadsPjsip } from '../pjsip.ts';

/** Whether Asterisk read the pjsip.conf that a driver just made, where it reads it at all. */
export function judgePjsip(
  { effect, pjsip }: EffectOutcome<'console'>,
  outcomes: readonly EffectOutcome[],
): Evidence {
  const made = outcomes.find((outcome) => makesPjsip(outcome.effect));
  const isAsked = reloadsPjsip(effect) && made?.do === 'generate' && made.isNew;
  if (!isAsked || pjsip === undefined) return { findings: [], loaded: [] };
  if (pjsip === made.output) return { findings: [], loaded: ['asterisk/pjsip.conf: read by Asterisk'] };
  const finding: Finding = {
    code: 'pjsip-not-read',
    level: 'error',
    message:
      pjsip === ''
        ? 'Asterisk did not read the new pjsip.conf when res_pjsip was reloaded'
        : 'Asterisk read a different pjsip.conf than the driver just generated',
    help: 'See wdev logs asterisk. If the output of the driver differs at each call (with a time in it, say), wdev cannot compare it: make it the same each time.',
    source: 'wazo-asterisk-config, pjsip.d',
  };
  return { findings: [finding], loaded: [] };
}

import type { Finding } from '../../findings/finding.ts';
import type { EffectOutcome } from '../outcomes.ts';
import { PJSIP_RELOAD, isPjsip } from '../pjsip.ts';

/** Whether Asterisk read the pjsip.conf that a driver just made, where it reads it at all. */
export function judgePjsip(
  reload: EffectOutcome,
  outcomes: readonly EffectOutcome[],
): { findings: readonly Finding[]; loaded: readonly string[] } {
  const { effect } = reload.planned;
  const made = outcomes.find(({ planned }) => planned.effect.do === 'generate' && isPjsip(planned.effect));
  const isReload = effect.do === 'console' && effect.command === PJSIP_RELOAD;
  if (!isReload || made === undefined || !reload.fresh || !made.fresh) return { findings: [], loaded: [] };
  if (reload.before === made.output)
    return { findings: [], loaded: ['asterisk/pjsip.conf: read by Asterisk'] };
  const finding: Finding = {
    code: 'pjsip-not-read',
    level: 'error',
    message:
      reload.before === ''
        ? 'Asterisk did not ask for the new pjsip.conf when res_pjsip was reloaded'
        : 'Asterisk read another pjsip.conf than the driver had just made',
    help: 'See the log of Asterisk; a driver that makes another text each time cannot be told from a stale one.',
    source: 'wazo-asterisk-config, pjsip.d',
  };
  return { findings: [finding], loaded: [] };
}

import type { BuiltPackage } from '../../src/package/build.ts';
import type { REHEARSE } from '../../src/findings/rehearse.ts';
import { scriptFindings } from '../../src/rehearse/judge.ts';
import type { Machine } from '../../src/rehearse/machine.ts';
import { provokedIn, type Scenario } from './scenario.ts';

/** Rehearsals run on the real stack. */
const LONG = provokedIn('long/rehearse.test.ts');

export const REHEARSE_SCENARIOS: Readonly<Record<keyof typeof REHEARSE, Scenario>> = {
  'rehearse-script-failed': LONG,
  'rehearse-dpkg-failed': async () => {
    const run = { status: 1, output: 'dpkg: error: trying to overwrite /etc/a\n', scripts: [] };
    return await scriptFindings({} as Machine, {} as BuiltPackage, run as never);
  },
  'rehearse-reload-before-removal': LONG,
  'rehearse-service-stale': LONG,
  'rehearse-ghost': LONG,
  'rehearse-not-restored': LONG,
  'rehearse-install-not-repeatable': LONG,
  'rehearse-file-left-behind': LONG,
  'rehearse-file-lost': LONG,
  'rehearse-service-down': LONG,
  'rehearse-data-lost': LONG,
  'rehearse-not-recovered': LONG,
};

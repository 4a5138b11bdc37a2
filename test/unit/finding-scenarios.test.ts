import { afterAll, describe, expect, it } from 'vitest';
import type { MetCode } from '../../src/findings/catalogue.ts';
import { DEPLOY_SCENARIOS } from '../findings/deploy.ts';
import { DIALPLAN_SCENARIOS } from '../findings/dialplan.ts';
import { MARKET_SCENARIOS } from '../findings/market.ts';
import { OWN_TESTS_SCENARIOS } from '../findings/own-tests.ts';
import { PACKAGE_SCENARIOS } from '../findings/package.ts';
import { PREVIEW_SCENARIOS, closePreviewer } from '../findings/preview.ts';
import { REHEARSE_SCENARIOS } from '../findings/rehearse.ts';
import type { Provoke, Scenario } from '../findings/scenario.ts';
import { SIMULATE_SCENARIOS } from '../findings/simulate.ts';
import { TARGET_SCENARIOS } from '../findings/target.ts';
import { TEMPLATE_SCENARIOS } from '../findings/templates.ts';

/** A code without a scenario does not compile. */
const SCENARIOS: Readonly<Record<MetCode, Scenario>> = {
  ...PACKAGE_SCENARIOS,
  ...OWN_TESTS_SCENARIOS,
  ...REHEARSE_SCENARIOS,
  ...PREVIEW_SCENARIOS,
  ...SIMULATE_SCENARIOS,
  ...TEMPLATE_SCENARIOS,
  ...TARGET_SCENARIOS,
  ...DEPLOY_SCENARIOS,
  ...MARKET_SCENARIOS,
  ...DIALPLAN_SCENARIOS,
};

const all = Object.entries(SCENARIOS);
const here = all.filter((entry): entry is [string, Provoke] => typeof entry[1] === 'function');
const saves = all.flatMap(([code, scenario]) =>
  'changes' in scenario ? [[code, scenario.changes.map((change) => change.code)] as const] : [],
);
afterAll(closePreviewer);

describe('each finding that commands meet can happen', () => {
  it.each(here)('%s', async (code, provoke) => {
    const codes = (await provoke()).map((finding) => finding.code);
    expect(codes).toContain(code);
  });

  it.each(saves)('%s, by a save of its table', (code, codes) => {
    expect(codes).toContain(code);
  });
});

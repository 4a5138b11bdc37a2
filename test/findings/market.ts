import type { MARKET_FINDINGS } from '../../src/findings/market.ts';
import { provokedIn, type Scenario } from './scenario.ts';

const TEST = 'unit/market.test.ts';

export const MARKET_SCENARIOS: Readonly<Record<keyof typeof MARKET_FINDINGS, Scenario>> = {
  'market-form': provokedIn(TEST),
  'market-order': provokedIn(TEST),
  'market-duplicate': provokedIn(TEST),
  'market-ref-missing': provokedIn(TEST),
  'market-dependency-missing': provokedIn(TEST),
  'market-tag-differs': provokedIn(TEST),
  'market-tag-unreadable': provokedIn(TEST),
};

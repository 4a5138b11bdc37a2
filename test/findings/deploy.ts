import type { DEPLOY } from '../../src/findings/deploy.ts';
import { provokedIn, type Scenario } from './scenario.ts';

const TEST = 'unit/deploy.test.ts';

export const DEPLOY_SCENARIOS: Readonly<Record<keyof typeof DEPLOY, Scenario>> = {
  'deploy-step-failed': provokedIn(TEST),
  'deploy-clone-failed': provokedIn(TEST),
  'deploy-refused-manifest': provokedIn(TEST),
  'deploy-dependency-missing': provokedIn(TEST),
  'deploy-apt-failed': provokedIn(TEST),
  'deploy-script-failed': provokedIn(TEST),
  'deploy-not-in-use': provokedIn(TEST),
  'deploy-not-seen': provokedIn(TEST),
  'deploy-address-logged': provokedIn(TEST),
};

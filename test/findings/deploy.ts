import { addressFindings } from '../../src/deploy/address.ts';
import { serverAt } from '../../src/deploy/http.ts';
import type { DEPLOY } from '../../src/findings/deploy.ts';
import { INSTALLED, unexpected } from '../plugind/sequences.ts';
import { startPlugind } from '../plugind/server.ts';
import {
  BROKEN_BUILD,
  FAILING,
  IN_VAIN,
  endsInLoad,
  installed,
  playedSite,
  type Row,
} from '../plugind/site.ts';
import { tempFolder } from '../support/temp.ts';
import type { Provoke, Scenario } from './scenario.ts';

/** A plugin that fails on a server: its events, and what the far end reads there of programs that answer as they would. */
function failing({ events, files = {}, programs = {} }: Partial<Row> & Pick<Row, 'events'>): Provoke {
  return async () => (await installed(await playedSite(events, programs), files)).findings;
}

/** The real bus, by which the events come, is in `unit/deploy.test.ts`. */
export const DEPLOY_SCENARIOS: Readonly<Record<keyof typeof DEPLOY, Scenario>> = {
  'deploy-step-failed': failing({ events: unexpected('installing'), programs: { 'dpkg-query': 'exit 1' } }),
  'deploy-clone-failed': failing(FAILING.ref),
  'deploy-refused-manifest': failing(FAILING.version),
  'deploy-dependency-missing': failing(FAILING.dependency),
  'deploy-apt-failed': failing(FAILING.apt),
  'deploy-script-failed': failing(FAILING.postinst),
  'deploy-not-in-use': async () => {
    const { files, evidence } = await endsInLoad();
    return (await installed(await playedSite(INSTALLED), files, { evidence })).findings;
  },
  'deploy-not-seen': async () => {
    const { port } = await startPlugind(tempFolder(), {}, 0);
    const server = serverAt(`http://127.0.0.1:${port}`, 'token-1');
    return (await installed({ server }, { 'wazo/rules': BROKEN_BUILD }, { waits: IN_VAIN })).findings;
  },
  'deploy-address-logged': () =>
    addressFindings({ method: 'git', options: { url: 'https://token@git.example.org/hello.git' } }),
};

/**
 * npm run matrix:real -- [--only PART]
 * Takes every part through its life on a real stack (Debian with Asterisk 22 and systemd, and stand-ins of Wazo's
 * services), each alone and all together; prints `N passed, M failed`, and ends with 1 after a failure.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadTemplate } from '../../src/templates/load.ts';
import { messageOf } from '../../src/support/errors.ts';
import { Server } from './server.ts';
import { lifeOf, lifeWithFailures } from './trial.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const work = mkdtempSync(path.join(tmpdir(), 'wdev-matrix-real-'));
const parts = loadTemplate('stack').parts.map(({ name }) => name);

const trials: readonly (readonly [title: string, run: (server: Server) => Promise<void>])[] = [
  ...parts.map((part) => [part, (server: Server) => lifeOf(server, { parts: [part], work })] as const),
  ['all parts', (server) => lifeOf(server, { parts, work })],
  ['all parts, format 0', (server) => lifeOf(server, { parts, work, answers: { formatVersion: '0' } })],
  ['all parts, format 2', (server) => lifeOf(server, { parts, work, answers: { formatVersion: '2' } })],
  ['services that fail', (server) => lifeWithFailures(server, work)],
];

process.exitCode = await main();

async function main(): Promise<number> {
  const chosen = trials.filter(([title]) => values.only === undefined || title === values.only);
  if (chosen.length === 0) {
    console.log(
      `there is no ${JSON.stringify(values.only)}; there are ${trials.map(([title]) => title).join(', ')}`,
    );
    return 1;
  }
  let server: Server | undefined;
  let failed = 0;
  for (const [title, trial] of chosen) {
    server ??= await Server.start(`matrix-${process.pid}`);
    const started = Date.now();
    const problem = await trial(server).then(() => undefined, messageOf);
    if (problem !== undefined) {
      // the next one shall begin where nothing is left of this one
      await server.end();
      server = undefined;
      failed += 1;
    }
    const time = `${((Date.now() - started) / 1000).toFixed(1)} s`;
    console.log(
      problem === undefined ? `ok      ${title}, ${time}` : `FAILED  ${title}, ${time}\n${problem}\n`,
    );
  }
  await server?.end();
  rmSync(work, { recursive: true, force: true });
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

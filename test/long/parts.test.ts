import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTemplate } from '../../src/templates/load.ts';
import { lacks } from '../support/needs.ts';
import { Server } from '../matrix/server.ts';
import { lifeOf, lifeWithFailures } from '../matrix/trial.ts';

/** The short form of `npm run matrix:real`, which takes each part alone too. */
describe.skipIf(lacks('real'))('on a server with Asterisk 22, systemd and stand-ins of the services', () => {
  let server: Server;
  let work: string;

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'wdev-parts-'));
    server = await Server.start(`parts-${process.pid}`);
  });

  afterAll(async () => {
    await server.end();
    rmSync(work, { recursive: true, force: true });
  });

  it('a plugin with every part is installed twice, upgraded, removed and purged: each works, and nothing stays', async () => {
    const parts = loadTemplate('stack').parts.map(({ name }) => name);
    await expect(lifeOf(server, { parts, work })).resolves.toBeUndefined();
    // 48 restarts, one after the other
  }, 3_600_000);

  it('a service that fails, one that was stopped and a slow one do not harm the installation of the others', async () => {
    await expect(lifeWithFailures(server, work)).resolves.toBeUndefined();
  });
});

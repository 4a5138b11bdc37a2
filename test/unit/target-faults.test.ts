import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figure, isLong } from '../support/promises.ts';
import { KILLS, attempt, makeWorld, type FaultWorld, type Scenario, type Worker } from '../support/faults.ts';

const worlds = new Map<Worker, FaultWorld>();

beforeAll(() => {
  for (const worker of ['programs', 'helper'] as const) {
    worlds.set(worker, makeWorld(mkdtempSync(path.join(os.tmpdir(), 'wdev-test-')), worker));
  }
});

afterAll(() => {
  for (const { folder } of worlds.values()) rmSync(folder, { recursive: true, force: true });
});

// a few points here, the kind of kill changing from one to the next; all kinds at all points: npm run promises
const FEW = 5;

describe.each<[Scenario, Worker]>([
  ['apply', 'programs'],
  ['undo', 'programs'],
  ['restore', 'programs'],
  ['apply', 'helper'],
  ['undo', 'helper'],
])('killed at every step of %s, done by %s', (scenario, worker) => {
  it('leaves old or new, never a mix, and restore gives the start', { timeout: 1_800_000 }, async () => {
    const world = worlds.get(worker) as FaultWorld;
    const { calls } = await attempt(world, scenario, undefined, KILLS[0]);
    const outcomes = { old: 0, new: 0 };
    const step = isLong ? 1 : Math.max(1, Math.floor(calls / FEW));
    for (let limit = 1; limit <= calls; limit += step) {
      for (const [index, how] of KILLS.entries()) {
        if (!isLong && Math.floor(limit / step) % KILLS.length !== index) continue;
        const trial = await attempt(world, scenario, limit, how);
        const where = `${scenario} by ${worker}, step ${limit} of ${calls}, ${how}`;
        expect([trial.old, trial.wanted], where).toContain(trial.found);
        expect(trial.restored, `restore after ${where}`).toBe(trial.start);
        // a restore that is cut off between files and reload is done again by the next restore
        if (scenario !== 'restore') expect(trial.served, `what Asterisk serves after ${where}`).toBe(true);
        outcomes[trial.found === trial.wanted ? 'new' : 'old'] += 1;
      }
    }
    const kills = outcomes.old + outcomes.new;
    figure(
      4,
      `${scenario} by ${worker}: ${kills} kills at ${calls} points, ${outcomes.old} old, ${outcomes.new} new, 0 mixed`,
    );
  });
});

/** Promise 12: each attack on the compiled `wdev`, and nothing gets through. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { figure } from '../support/promises.ts';
import { allAttacks } from './all.ts';
import { DIST, inPlace } from './place.ts';

const attacks = await allAttacks();
const through: string[] = [];

describe('attacks', () => {
  for (const attack of attacks) {
    it.concurrent(`${attack.kind}: ${attack.name}`, { timeout: attack.limit ?? 60_000 }, async () => {
      const evidence = await inPlace(DIST, async (place) => await attack.run(place));
      if (evidence !== undefined) through.push(attack.name);
      expect(evidence).toBeUndefined();
    });
  }

  afterAll(() => figure(12, `${attacks.length} attacks, ${through.length} got through`));
});

describe('guards', () => {
  it('stand where the attacks say, once, so that the mutation run can switch them off', () => {
    const missing = attacks.flatMap(({ name, guards }) =>
      guards
        .filter(({ file, from }) => readFileSync(path.join(DIST, file), 'utf8').split(from).length !== 2)
        .map(({ file, from }) => `${name}: ${file} has not one ${JSON.stringify(from)}`),
    );
    expect(missing).toEqual([]);
  });
});

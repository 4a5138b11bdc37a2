/** Promise 12: each attack on the compiled `wdev`, and nothing gets through. */
import { afterAll, describe, expect, it } from 'vitest';
import { figure } from '../support/promises.ts';
import { allAttacks } from './all.ts';
import { BIN } from '../support/wdev.ts';
import { compiled } from './compiled.ts';
import { inPlace } from './place.ts';
import { isShown, readShown } from './shown.ts';

const attacks = await allAttacks();
const through: string[] = [];
let tried = 0;

/** Milliseconds for one attack; what of it hangs is ended before. */
const LIMIT = 1_800_000;

describe('attacks', () => {
  for (const attack of attacks) {
    it.concurrent(`${attack.kind}: ${attack.name}`, { timeout: LIMIT }, async () => {
      const evidence = await inPlace(BIN, async (place) => await attack.run(place));
      tried += 1;
      if (evidence !== undefined) through.push(attack.name);
      expect(evidence).toBeUndefined();
    });
  }

  afterAll(() => figure(12, `${tried} attacks, ${through.length} got through`));
});

describe('guards', () => {
  it('stand where the attacks say, once, so that the mutation run can switch them off', () => {
    const missing = attacks.flatMap(({ name, guards }) =>
      guards
        .filter(({ file, from }) => compiled(file).split(from).length !== 2)
        .map(({ file, from }) => `${name}: ${file} has not one ${JSON.stringify(from)}`),
    );
    expect(missing).toEqual([]);
  });
  it('were switched off once, and each attack got through then (npm run hostile:guards)', () => {
    const shown = readShown();
    expect(attacks.filter((attack) => !isShown(attack, shown)).map(({ name }) => name)).toEqual([]);
    const names = attacks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(shown).filter((name) => !names.includes(name))).toEqual([]);
  });
});

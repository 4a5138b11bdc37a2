/** Promise 12: each attack on the compiled `wdev`, and nothing gets through. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/support/paths.ts';
import { figure } from '../support/promises.ts';
import { allAttacks } from './all.ts';
import { BIN } from '../support/wdev.ts';
import { inPlace } from './place.ts';

const attacks = await allAttacks();
const through: string[] = [];

/** Milliseconds for one attack; what of it hangs is ended before. */
const LIMIT = 300_000;

describe('attacks', () => {
  for (const attack of attacks) {
    it.concurrent(`${attack.kind}: ${attack.name}`, { timeout: LIMIT }, async () => {
      const evidence = await inPlace(BIN, async (place) => await attack.run(place));
      if (evidence !== undefined) through.push(attack.name);
      expect(evidence).toBeUndefined();
    });
  }

  afterAll(() => figure(12, `${attacks.length} attacks, ${through.length} got through`));
});

/** A source as tsc writes it: dist/ holds several in one file (mutate.ts compiles them one by one). */
function compiled(file: string): string {
  const source = readFileSync(path.join(packageRoot(), file.replace(/js$/, 'ts')), 'utf8');
  const { ESNext: module } = ts.ModuleKind;
  return ts.transpileModule(source, { compilerOptions: { module, target: ts.ScriptTarget.ES2023 } })
    .outputText;
}

describe('guards', () => {
  it('stand where the attacks say, once, so that the mutation run can switch them off', () => {
    const missing = attacks.flatMap(({ name, guards }) =>
      guards
        .filter(({ file, from }) => compiled(file).split(from).length !== 2)
        .map(({ file, from }) => `${name}: ${file} has not one ${JSON.stringify(from)}`),
    );
    expect(missing).toEqual([]);
  });
});
